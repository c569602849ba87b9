import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Database, openDatabase } from "../kit/database.ts";
import { createHttpServer } from "../kit/http-server.ts";
import { createLocalBus } from "../kit/messaging/local-bus.ts";
import type { Message } from "../kit/messaging/messaging.ts";
import type { Module } from "../kit/module.ts";
import { createFixedPolicies } from "../kit/testing/fixed-policies.ts";
import { createStandIn, type StandIn } from "../kit/testing/start-stand-in.ts";
import { createNotifications, migrations } from "./module.ts";

const policies = createFixedPolicies(
  {},
  { inbox: { enabled: true }, deadLetters: { enabled: true, maxDeliveries: 3 } },
);
const bus = createLocalBus();
let postgres: StandIn;
let database: Database;
let notifications: Module;
let server: FastifyInstance;

beforeAll(async () => {
  postgres = await createStandIn("postgres", { POSTGRES_USER: "n", POSTGRES_PASSWORD: "n", POSTGRES_DB: "n" });
  postgres.start();
  const url = `postgres://n:n@127.0.0.1:${postgres.port}/n`;
  database = openDatabase({ url, peer: "notifications-db", migrations });
  notifications = createNotifications({ policies, database, bus });
  server = createHttpServer({ capacity: () => ({ workers: 8, serviceTimeMs: 0 }) });
  notifications.addRoutes(server);
  await vi.waitFor(() => expect(database.waitingFor()).toBe(null), { timeout: 30_000 });
});
beforeEach(() => policies.setComponent({ inbox: { enabled: true } }));
afterAll(async () => {
  for (const part of notifications.parts) await part.close();
  await server.close();
  await postgres.remove();
});

const order = () => ({ orderId: randomUUID(), sku: "milk", quantity: 2 });
function toEvent(name: string, body: { orderId: string }): Message {
  return { id: randomUUID(), name, correlationId: body.orderId, at: Date.now(), body };
}
const mailsTo = (orderId: string) =>
  database.query<{ kind: string; text: string }>("SELECT kind, text FROM mails WHERE order_id = $1", [orderId]);
const audit = async () => (await notifications.audit?.({ since: 0 })) as { messaging: { queued: number } };
const drained = () => vi.waitFor(async () => expect((await audit()).messaging.queued).toBe(0));

test("one mail for each order and kind, however often its event comes", async () => {
  const body = order();
  const event = toEvent("OrderConfirmed", body);
  for (let i = 0; i < 3; i++) await bus.publish(event, {});
  await bus.publish(toEvent("OrderCancelled", { ...body, ...{ reason: "not enough milk" } }), {});
  await vi.waitFor(async () => expect(await mailsTo(body.orderId)).toHaveLength(2));
  await drained();
  expect((await mailsTo(body.orderId)).toSorted((a, b) => a.kind.localeCompare(b.kind))).toEqual([
    {
      kind: "cancelled",
      text: "We are sorry: your order of 2 × milk is cancelled (not enough milk). You pay nothing.",
    },
    { kind: "confirmed", text: "Thank you! Your order of 2 × milk is confirmed." },
  ]);
});

test("without the inbox, an event that comes twice is two mails", async () => {
  policies.setComponent({ inbox: { enabled: false } });
  const event = toEvent("OrderConfirmed", order());
  for (let i = 0; i < 2; i++) await bus.publish(event, {});
  await vi.waitFor(async () => expect(await mailsTo(event.correlationId)).toHaveLength(2));
});

test("an order that was mailed in line is not mailed again by its event", async () => {
  const body = order();
  expect((await server.inject({ method: "POST", url: "/mails", payload: body })).statusCode).toBe(201);
  await bus.publish(toEvent("OrderConfirmed", { ...body, ...{ mailed: true } }), {});
  await drained();
  expect(await mailsTo(body.orderId)).toHaveLength(1);
});

test("what is no such event goes to the dead letters; a reset empties everything", async () => {
  await bus.publish(toEvent("OrderConfirmed", { orderId: "1" }), {});
  await vi.waitFor(async () => expect(await audit()).toMatchObject({ messaging: { dead: 1, explained: 1 } }));
  await notifications.reset();
  expect(await audit()).toMatchObject({ mails: [], messaging: { dead: 0, queued: 0 } });
  const event = toEvent("OrderConfirmed", order());
  await bus.publish(event, {});
  await vi.waitFor(async () =>
    expect(await audit()).toMatchObject({ mails: [{ orderId: event.correlationId, kind: "confirmed" }] }),
  );
});
