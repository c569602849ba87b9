// Whether the books agree when nobody buys anything: counted here once more, and more strictly, than the auditor does under load.
import { setTimeout as sleep } from "node:timers/promises";
import type { Inside } from "./inside.ts";

type Messaging = { outbox: number; queued: number; dead: number; explained: number };
type ByOrder = { orderId: string; state: string };
type Answers = {
  ordering: { orders: { id: string; status: string; traceId: string | null }[]; messaging: Messaging };
  inventory: {
    stock: { sku: string; initial: number; onHand: number; reserved: number; shipped: number }[];
    reservations: ByOrder[];
    messaging: Messaging;
  };
  payments: { payments: ByOrder[]; messaging: Messaging };
  shipping: { shipments: ByOrder[]; messaging: Messaging };
  notifications: { mails: { orderId: string; kind: string }[]; messaging: Messaging };
  bank: { entries: { kind: string; reference: string }[] };
};
/** Orders that were looked at, what is wrong with which order or service, and how many dead letters there are in all. */
export type Finding = {
  orders: number;
  confirmed: number;
  dead: number;
  wrong: { id: string; what: string; traceId?: string }[];
};

/** Services answer with so many rows of a kind at most; a round has fewer. */
const MOST_ROWS = 5_000;
/** Rows of the other books may be a moment older than the order's own. */
const EARLIER_MS = 120_000;

const script = `
const since = JSON.parse(process.argv[2]);
const answer = await fetch("http://127.0.0.1:" + process.env.PORT + "/audit?since=" + since);
if (!answer.ok) throw new Error("answered " + answer.status);
console.log(await answer.text());`;

/** Asks until nothing is wrong, or `limitMs` are over; then with what is. `since` (epoch ms): orders that changed since. */
export async function settleBooks(inside: Inside, since: number, limitMs: number): Promise<Finding> {
  const giveUpAt = Date.now() + limitMs;
  for (;;) {
    const finding = await readBooks(inside, since);
    if (finding.wrong.length === 0 || Date.now() > giveUpAt) return finding;
    await sleep(500);
  }
}

async function readBooks(inside: Inside, since: number): Promise<Finding> {
  const ask = <S extends keyof Answers>(service: S, from: number) =>
    inside<Answers[S]>(service, script, Math.max(0, from));
  const ordering = await ask("ordering", since);
  const early = since - EARLIER_MS;
  const [inventory, payments, shipping, notifications, bank] = await Promise.all([
    ask("inventory", early),
    ask("payments", early),
    ask("shipping", early),
    ask("notifications", early),
    ask("bank", early),
  ]);
  const pages = [
    ordering.orders,
    inventory.reservations,
    payments.payments,
    shipping.shipments,
    notifications.mails,
    bank.entries,
  ];
  if (pages.some((rows) => rows.length >= MOST_ROWS)) throw new Error("a round is longer than an answer");

  const reservations = toStates(inventory.reservations);
  const charges = toStates(payments.payments);
  const shipments = toStates(shipping.shipments);
  const wrong: Finding["wrong"] = [];
  for (const { id, status, traceId } of ordering.orders) {
    const confirmed = status === "CONFIRMED";
    const captured = bank.entries.filter(({ kind, reference }) => kind === "captured" && reference === id).length;
    const mails = notifications.mails.filter(({ orderId }) => orderId === id);
    const kind = confirmed ? "confirmed" : "cancelled";
    const what = [
      !confirmed && status !== "CANCELLED" && `is ${status}`,
      captured !== (confirmed ? 1 : 0) && `charged ${captured} times`,
      confirmed !== (charges.get(id) === "captured") && `payment is ${charges.get(id)}`,
      confirmed !== (reservations.get(id) === "committed") && `reservation is ${reservations.get(id)}`,
      reservations.get(id) === "reserved" && "stock is still reserved",
      confirmed !== (shipments.get(id) === "booked") && `shipment is ${shipments.get(id)}`,
      (mails.length !== 1 || mails[0]?.kind !== kind) &&
        `mails: ${mails.map((mail) => mail.kind).join(", ") || "none"}`,
    ].filter((text) => text !== false);
    if (what.length > 0) wrong.push({ id, what: `${status}: ${what.join("; ")}`, ...(traceId && { traceId }) });
  }
  for (const { sku, initial, onHand, reserved, shipped } of inventory.stock) {
    if (initial !== onHand + reserved + shipped) wrong.push({ id: sku, what: "stock does not add up" });
    if (reserved !== 0) wrong.push({ id: sku, what: `${reserved} still reserved` });
  }
  let dead = 0;
  for (const [id, { messaging }] of Object.entries({ ordering, inventory, payments, shipping, notifications })) {
    const { outbox, queued } = messaging;
    dead += messaging.dead;
    if (outbox + queued > 0) wrong.push({ id, what: `${outbox} in its outbox, ${queued} in its queue` });
    if (messaging.dead > messaging.explained) wrong.push({ id, what: "dead letters without a reason" });
  }
  const confirmed = ordering.orders.filter(({ status }) => status === "CONFIRMED").length;
  return { orders: ordering.orders.length, confirmed, dead, wrong };
}

const toStates = (rows: ByOrder[]) => new Map(rows.map(({ orderId, state }) => [orderId, state]));
