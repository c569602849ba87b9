import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Database, openDatabase } from "../kit/database.ts";
import { createStandIn, type StandIn } from "../kit/testing/start-stand-in.ts";
import { readAudit } from "./audit.ts";
import { bookShipment, cancelShipment } from "./book-shipment.ts";
import { findShipment } from "./shipment-store.ts";

let postgres: StandIn;
let database: Database;

beforeAll(async () => {
  const env = { POSTGRES_USER: "shipping", POSTGRES_PASSWORD: "shipping", POSTGRES_DB: "shipping" };
  postgres = await createStandIn("postgres", env);
  postgres.start();
  const url = `postgres://shipping:shipping@127.0.0.1:${postgres.port}/shipping`;
  database = openDatabase({ url, peer: "shipping-db", migrations: new URL("migrations/", import.meta.url) });
  await vi.waitFor(() => expect(database.waitingFor()).toBe(null), { timeout: 20_000 });
});
afterAll(async () => {
  await database.close();
  await postgres.remove();
});

const book = (orderId: string, quantity = 2, isIdempotent = true) =>
  database.transaction((tx) => bookShipment(tx, { orderId, sku: "tea", quantity }, isIdempotent));
const cancel = (orderId: string) => database.transaction((tx) => cancelShipment(tx, orderId));

async function readShipment(orderId: string) {
  const { shipments } = await readAudit(database, 0);
  return shipments.find((shipment) => shipment.orderId === orderId);
}

test("with the inbox, an order that asks again has the same parcel, even at the same moment", async () => {
  const order = randomUUID();
  const bookings = await Promise.all([book(order), book(order), book(order)]);
  const { trackingId } = (await findShipment(database, order)) ?? {};
  expect(trackingId).toMatch(/^CS-[0-9A-F]{8}-[0-9A-F]{4}$/);
  expect(bookings).toEqual(Array(3).fill({ booked: true, trackingId }));
  expect(await readShipment(order)).toMatchObject({ state: "booked", parcels: 1 });
});

test("without the inbox, an order that asks again gets a second parcel", async () => {
  const order = randomUUID();
  await book(order, 2, false);
  await book(order, 2, false);
  expect(await readShipment(order)).toMatchObject({ state: "booked", parcels: 2 });
});

test("what no parcel can hold is rejected, each time", async () => {
  const order = randomUUID();
  for (const booking of [await book(order, 91), await book(order, 91)]) {
    expect(booking).toEqual({ booked: false, reason: "91 are too heavy for a parcel, 90 are the most" });
  }
  expect(await readShipment(order)).toMatchObject({ state: "rejected", parcels: 0 });
  await cancel(order);
  expect(await readShipment(order)).toMatchObject({ state: "rejected" });
});

test("a parcel is cancelled however often it is asked, and not booked again", async () => {
  const order = randomUUID();
  await book(order);
  await cancel(order);
  await cancel(order);
  expect(await book(order)).toEqual({ booked: false, reason: "the order was given up before" });
  expect(await readShipment(order)).toMatchObject({ state: "cancelled", parcels: 0 });
});

test("an order that was given up before it asked gets no parcel", async () => {
  const order = randomUUID();
  await cancel(order);
  expect(await book(order)).toMatchObject({ booked: false });
  expect(await findShipment(database, order)).toMatchObject({ state: "cancelled", trackingId: null });
});

test("the audit names what changed since, oldest change first", async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  await book(first);
  await book(second);
  await cancel(first);
  const { shipments } = await readAudit(database, 0);
  const [booked, cancelled] = shipments.slice(-2);
  expect([booked?.orderId, cancelled?.orderId]).toEqual([second, first]);
  const since = await readAudit(database, cancelled?.changedAt ?? 0);
  expect(since.shipments.map(({ orderId }) => orderId)).toContain(first);
  expect(since.shipments.map(({ orderId }) => orderId)).not.toContain(second);
});
