import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Database, openDatabase } from "../kit/database.ts";
import type { Tx } from "../kit/messaging/handler.ts";
import type { Draft } from "../kit/messaging/message.ts";
import { createStandIn, type StandIn } from "../kit/testing/start-stand-in.ts";
import { commitStock, releaseStock, reserveStock } from "./change-stock.ts";
import { findReservation } from "./reservation-store.ts";

const INITIAL = 1_000_000;
const done = { done: true };

let postgres: StandIn;
let database: Database;
let emitted: Draft[];

beforeAll(async () => {
  const env = { POSTGRES_USER: "inventory", POSTGRES_PASSWORD: "inventory", POSTGRES_DB: "inventory" };
  postgres = await createStandIn("postgres", env);
  postgres.start();
  const url = `postgres://inventory:inventory@127.0.0.1:${postgres.port}/inventory`;
  database = openDatabase({ url, peer: "inventory-db", migrations: new URL("migrations/", import.meta.url) });
  await vi.waitFor(() => expect(database.waitingFor()).toBe(null), { timeout: 20_000 });
});
beforeEach(async () => {
  emitted = [];
  await database.query("TRUNCATE reservations");
  await database.query("UPDATE stock SET on_hand = initial, reserved = 0, shipped = 0");
});
afterAll(async () => {
  await database.close();
  await postgres.remove();
});

function inOne<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.transaction((tx) => work({ ...tx, emit: async (draft) => void emitted.push(draft) }));
}
const milk = (orderId: string, quantity = 3) => ({ orderId, sku: "milk", quantity });
const reserve = (orderId: string, idempotent = true) => inOne((tx) => reserveStock(tx, milk(orderId), idempotent));
const release = (orderId: string, idempotent = true) => inOne((tx) => releaseStock(tx, orderId, idempotent));
const commit = (orderId: string, idempotent = true) => inOne((tx) => commitStock(tx, orderId, idempotent));

async function readMilk() {
  const [row] = await database.query(
    `SELECT on_hand - initial AS "onHand", reserved, shipped FROM stock WHERE sku = 'milk'`,
  );
  return row;
}
const stateOf = async (orderId: string) => (await findReservation(database, orderId))?.state;

test("goods go from the shelf to the order to the customer", async () => {
  const order = randomUUID();
  expect(await reserve(order)).toEqual(done);
  expect([await stateOf(order), await readMilk()]).toEqual(["reserved", { onHand: -3, reserved: 3, shipped: 0 }]);
  expect(await commit(order)).toEqual(done);
  expect([await stateOf(order), await readMilk()]).toEqual(["committed", { onHand: -3, reserved: 0, shipped: 3 }]);
});

test("goods that are released are back on the shelf, and everyone hears of it", async () => {
  const order = randomUUID();
  await reserve(order);
  expect(await release(order)).toEqual(done);
  expect([await stateOf(order), await readMilk()]).toEqual(["released", { onHand: 0, reserved: 0, shipped: 0 }]);
  expect(emitted).toEqual([
    { name: "StockLevelChanged", correlationId: "milk", body: { sku: "milk", available: INITIAL - 3 } },
    { name: "StockLevelChanged", correlationId: "milk", body: { sku: "milk", available: INITIAL } },
  ]);
});

test("what is not there is not promised, now or when asked again", async () => {
  const order = randomUUID();
  await database.query("UPDATE stock SET on_hand = 2, shipped = initial - 2 WHERE sku = 'milk'");
  const rejected = { done: false, reason: 'not enough "milk" in stock' };
  expect(await reserve(order)).toEqual(rejected);
  await database.query("UPDATE stock SET on_hand = initial, shipped = 0");
  expect(await reserve(order)).toEqual(rejected);
  expect([await stateOf(order), emitted]).toEqual(["rejected", []]);
  const unknown = await inOne((tx) => reserveStock(tx, { orderId: randomUUID(), sku: "caviar", quantity: 1 }, true));
  expect(unknown).toEqual({ done: false, reason: 'not enough "caviar" in stock' });
});

test("an order that was given up before it asked gets nothing afterwards", async () => {
  const order = randomUUID();
  expect(await release(order)).toEqual(done);
  expect(await reserve(order)).toMatchObject({ done: false });
  expect([await stateOf(order), await readMilk()]).toEqual(["released", { onHand: 0, reserved: 0, shipped: 0 }]);
});

test("what was never reserved cannot leave, and what has left cannot come back", async () => {
  const order = randomUUID();
  expect(await commit(order)).toMatchObject({ done: false });
  await reserve(order);
  await commit(order);
  expect(await release(order)).toMatchObject({ done: false });
  expect(await readMilk()).toEqual({ onHand: -3, reserved: 0, shipped: 3 });
});

test("with the inbox, a command that comes again is answered again and moves nothing", async () => {
  const [kept, given] = [randomUUID(), randomUUID()];
  for (const order of [kept, kept, given, given]) expect(await reserve(order)).toEqual(done);
  for (const order of [kept, kept]) expect(await commit(order)).toEqual(done);
  for (const order of [given, given]) expect(await release(order)).toEqual(done);
  expect(await readMilk()).toEqual({ onHand: -3, reserved: 0, shipped: 3 });
});

test.each([
  ["ReserveStock", [reserve, reserve], { onHand: -6, reserved: 3, shipped: 0 }],
  ["CommitStock", [reserve, commit, commit], { onHand: -3, reserved: 0, shipped: 6 }],
  ["ReleaseStock", [reserve, release, release], { onHand: 3, reserved: 0, shipped: 0 }],
])(
  "without the inbox, a doubled %s moves the goods twice, and the books do not add up",
  async (_name, steps, stock) => {
    const order = randomUUID();
    for (const step of steps) expect(await step(order, false)).toEqual(done);
    expect(await readMilk()).toEqual(stock);
  },
);

test("50 orders of one product at once, with every command doubled and out of order, end without a deadlock", async () => {
  const orders = Array.from({ length: 50 }, () => randomUUID());
  await Promise.all(
    orders.flatMap((order, index) => {
      const end = index % 2 === 0 ? release : commit;
      return [reserve(order), reserve(order), end(order), end(order)];
    }),
  );
  await Promise.all(orders.map((order, index) => (index % 2 === 0 ? release(order) : commit(order))));
  expect(await readMilk()).toEqual({ onHand: -75, reserved: 0, shipped: 75 });
});
