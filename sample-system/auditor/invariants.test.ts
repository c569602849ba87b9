import { describe, expect, test } from "vitest";
import { type Books, createBooks, forgetOld, take } from "./books.ts";
import { createInvariants } from "./invariants/registry.ts";

const NOW = 1_000_000_000;
const quiet = { outbox: 0, oldestOutboxMs: 0, queued: 0, dead: 0, explained: 0 };

const placed = (id: string, status: string, ageMs = 60_000) => ({
  id,
  status,
  sku: "tea",
  placedAt: NOW - ageMs,
  changedAt: NOW - ageMs,
  traceId: `trace-of-${id}`,
});
const charge = (reference: string, authorizationId: string) => ({
  kind: "captured",
  authorizationId,
  reference,
  at: NOW - 50_000,
});

/** A shop in order: one confirmed order, paid, mailed once; one cancelled, mailed once. */
function createWholeBooks(): Books {
  const books = createBooks();
  take.ordering(books, {
    now: NOW,
    orders: [placed("a", "CONFIRMED"), placed("b", "CANCELLED")],
    prices: [{ sku: "tea", priceCents: 429, changedAt: 0 }],
    messaging: quiet,
  });
  take.bank(books, { now: NOW, entries: [charge("a", "1")] });
  take.inventory(books, {
    now: NOW,
    stock: [{ sku: "tea", initial: 100, onHand: 97, reserved: 1, shipped: 2 }],
    reservations: [{ orderId: "a", state: "committed", sku: "tea", quantity: 2, changedAt: NOW - 50_000 }],
    messaging: quiet,
  });
  take.notifications(books, {
    now: NOW,
    mails: [
      { orderId: "a", kind: "confirmed", at: NOW - 49_000 },
      { orderId: "b", kind: "cancelled", at: NOW - 49_000 },
    ],
    messaging: quiet,
  });
  take.catalog(books, {
    now: NOW,
    products: [{ sku: "tea", priceCents: 429, priceChangedAt: 0, available: 97 }],
    messaging: quiet,
  });
  return books;
}

function whatViolates(name: string, books: Books, now = NOW) {
  const invariant = createInvariants().find((each) => each.name === name);
  return invariant?.find(books, now).map(({ id, what }) => `${id}: ${what}`);
}

test("nothing violates anything in a shop that is in order", () => {
  const books = createWholeBooks();
  for (const invariant of createInvariants())
    expect([invariant.name, invariant.find(books, NOW)]).toEqual([invariant.name, []]);
});

describe("each invariant finds what breaks it", () => {
  const cases: [string, string, (books: Books) => void, string[]][] = [
    [
      "I1",
      "a second charge at the bank",
      (books) => take.bank(books, { now: NOW, entries: [charge("a", "2")] }),
      ["a: charged 2 times"],
    ],
    ["I2", "an order confirmed without a charge", (books) => void books.bank.clear(), ["a: confirmed, and not paid"]],
    [
      "I2",
      "a charge for a cancelled order",
      (books) => take.bank(books, { now: NOW, entries: [charge("b", "2")] }),
      ["b: paid, and CANCELLED"],
    ],
    [
      "I3",
      "stock taken twice for one reservation",
      (books) => void books.stock.set("tea", { sku: "tea", initial: 100, onHand: 95, reserved: 1, shipped: 2 }),
      ["tea: 2 are missing"],
    ],
    [
      "I4",
      "a reservation whose order is cancelled",
      (books) =>
        void books.reservations.set("b", {
          orderId: "b",
          state: "reserved",
          sku: "tea",
          quantity: 3,
          changedAt: NOW - 31_000,
        }),
      ["b: 3 × tea reserved, its order is CANCELLED"],
    ],
    [
      "I5",
      "an order that stays pending",
      (books) => void books.orders.set("c", placed("c", "PENDING")),
      ["c: still pending"],
    ],
    [
      "I6",
      "a queue that grows, and letters without a reason",
      (books) => void books.messaging.set("payments", { ...quiet, queued: 40, dead: 2, explained: 1 }),
      ["payments: 40 in its queue, 1 dead letters without a reason"],
    ],
    [
      "I7",
      "a price that did not arrive, and a badge that stock never had",
      (books) => void books.products.set("tea", { sku: "tea", priceCents: 500, priceChangedAt: 0, available: 99 }),
      ["tea: costs 500, ordering says 429, 97 in stock, catalog shows 99"],
    ],
    [
      "I8",
      "a second mail",
      (books) =>
        take.notifications(books, {
          now: NOW,
          mails: [{ orderId: "a", kind: "confirmed", at: NOW - 1_000 }],
          messaging: quiet,
        }),
      ["a: 2 mails"],
    ],
  ];
  for (const [name, what, breakIt, found] of cases) {
    test(`${name}: ${what}`, () => {
      const books = createWholeBooks();
      breakIt(books);
      expect(whatViolates(name, books)).toEqual(found);
    });
  }
});

test("a row that is read twice counts once", () => {
  const books = createWholeBooks();
  take.bank(books, { now: NOW, entries: [charge("a", "1")] });
  expect(whatViolates("I1", books)).toEqual([]);
});

test("a checkout that is just on its way violates nothing", () => {
  const books = createWholeBooks();
  books.orders.set("c", placed("c", "PENDING", 500));
  books.reservations.set("c", { orderId: "c", state: "reserved", sku: "tea", quantity: 1, changedAt: NOW - 400 });
  for (const invariant of createInvariants())
    expect([invariant.name, invariant.find(books, NOW)]).toEqual([invariant.name, []]);
});

test("what is settled and old is forgotten, what is wrong with it is not", () => {
  const books = createWholeBooks();
  forgetOld(books, NOW + 11 * 60_000, new Set(["b"]));
  expect([...books.orders.keys()]).toEqual(["b"]);
  expect([books.bank.has("a"), books.mails.has("a"), books.mails.has("b")]).toEqual([false, false, true]);
});
