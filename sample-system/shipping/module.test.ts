import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openDatabase } from "../kit/database.ts";
import { createHttpServer } from "../kit/http-server.ts";
import type { Bus } from "../kit/messaging/bus.ts";
import type { Message } from "../kit/messaging/message.ts";
import { createRabbitBus } from "../kit/messaging/rabbit-bus.ts";
import type { Module } from "../kit/module.ts";
import { createFixedPolicies } from "../kit/testing/fixed-policies.ts";
import { createStandIn, type StandIn } from "../kit/testing/start-stand-in.ts";
import { createShipping, migrations } from "./module.ts";

const on = { enabled: true };

let standIns: StandIn[];
let shipping: Module;
let server: ReturnType<typeof createHttpServer>;
let bus: Bus;
const heard: Message[] = [];
const policies = createFixedPolicies({}, { outbox: on, inbox: on, deadLetters: { enabled: true, maxDeliveries: 3 } });

beforeAll(async () => {
  const [postgres, broker] = await Promise.all([
    createStandIn("postgres", { POSTGRES_USER: "shop", POSTGRES_PASSWORD: "shop", POSTGRES_DB: "shipping" }),
    createStandIn("broker", { RABBITMQ_DEFAULT_USER: "shop", RABBITMQ_DEFAULT_PASS: "shop" }),
  ]);
  standIns = [postgres, broker];
  for (const standIn of standIns) standIn.start();

  const url = `postgres://shop:shop@127.0.0.1:${postgres.port}/shipping`;
  const database = openDatabase({ url, peer: "shipping-db", migrations });
  const brokerUrl = `amqp://shop:shop@127.0.0.1:${broker.port}`;
  shipping = createShipping({ policies, database, bus: createRabbitBus(brokerUrl) });
  server = createHttpServer({ capacity: () => ({ workers: 8, serviceTimeMs: 0 }) });
  shipping.addRoutes(server);

  bus = createRabbitBus(brokerUrl);
  const subscription = bus.subscribe({
    queue: "spy",
    names: ["ShipmentBooked", "ShipmentRejected", "ShipmentCancelled"],
    async onMessage({ message }) {
      heard.push(message);
      return { kind: "done" };
    },
  });
  const waiting = () => Promise.all([...shipping.needs, bus].map((need) => need.waitingFor()));
  await vi.waitFor(async () => expect(await waiting()).toEqual([null, null, null]), { timeout: 20_000 });
  await subscription.resume();
});
afterAll(async () => {
  await server.close();
  for (const part of shipping.parts) await part.close();
  await bus.close();
  for (const standIn of standIns) await standIn.remove();
});

const tell = (name: string, orderId: string, body: object = {}) =>
  bus.publish({ id: randomUUID(), name, correlationId: orderId, at: Date.now(), body: { orderId, ...body } }, {});
const hear = (name: string, orderId: string) =>
  vi.waitFor(() => {
    const message = heard.find((each) => each.name === name && each.correlationId === orderId);
    if (!message) throw new Error(`no ${name} in ${JSON.stringify(heard)}`);
    return message.body;
  });
const get = async (url: string) => (await server.inject(url)).json();
const book = (payload: object) => server.inject({ method: "POST", url: "/shipments", payload });

test("the saga's commands are answered with their outcome", async () => {
  const [order, heavy] = [randomUUID(), randomUUID()];
  await tell("BookShipment", order, { sku: "tea", quantity: 90 });
  const booked = await hear("ShipmentBooked", order);
  expect(booked).toEqual({ orderId: order, trackingId: expect.stringMatching(/^CS-/) });
  expect({ orderId: order, ...(await get(`/shipments/${order}`)) }).toEqual({ ...(booked as object), state: "booked" });

  await tell("CancelShipment", order);
  expect(await hear("ShipmentCancelled", order)).toEqual({ orderId: order });
  expect(await get(`/shipments/${order}`)).toMatchObject({ state: "cancelled" });

  await tell("BookShipment", heavy, { sku: "tea", quantity: 91 });
  expect(await hear("ShipmentRejected", heavy)).toMatchObject({ reason: expect.stringContaining("too heavy") });
});

test("in naive mode it is asked over HTTP", async () => {
  const orderId = randomUUID();
  expect(await get(`/shipments/${orderId}`)).toEqual({ state: "unknown", trackingId: null });
  expect((await book({ orderId, sku: "tea", quantity: 2 })).json()).toMatchObject({ state: "booked" });
  expect((await book({ orderId: randomUUID(), sku: "tea", quantity: 91 })).statusCode).toBe(409);
  expect((await book({ orderId, sku: "tea", quantity: 0 })).statusCode).toBe(400);
});

test("tells what it costs to send something", async () => {
  expect(await get("/quote?sku=tea&quantity=2")).toEqual({ cents: 420, days: 2 });
  expect((await server.inject("/quote?sku=tea&quantity=91")).statusCode).toBe(409);
  expect((await server.inject("/quote?sku=tea")).statusCode).toBe(400);
});

test("a reset forgets all shipments", async () => {
  await book({ orderId: randomUUID(), sku: "tea", quantity: 2 });
  await shipping.reset();
  const messaging = { outbox: 0, queue: "shipping", queued: 0, dead: 0 };
  expect(await shipping.audit?.({ since: 0 })).toMatchObject({ shipments: [], messaging });
});
