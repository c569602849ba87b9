import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createGrpcEdge } from "../kit/calls/grpc/grpc-edge.ts";
import { loadGrpcService } from "../kit/calls/grpc/service.ts";
import { openDatabase } from "../kit/database.ts";
import { createHttpServer } from "../kit/http-server.ts";
import type { Bus, Subscription } from "../kit/messaging/bus.ts";
import type { Message } from "../kit/messaging/message.ts";
import { createRabbitBus } from "../kit/messaging/rabbit-bus.ts";
import { createFixedPolicies } from "../kit/testing/fixed-policies.ts";
import { createStandIn, findFreePort, type StandIn } from "../kit/testing/start-stand-in.ts";
import { addGrpcDoor } from "./grpc.ts";
import { createInventory, type Inventory, migrations } from "./module.ts";

const INITIAL = 1_000_000;
const on = { enabled: true };
const off = { enabled: false };

let standIns: StandIn[];
let inventory: Inventory;
let server: ReturnType<typeof createHttpServer>;
let spy: { bus: Bus; subscription: Subscription };
let heard: Message[] = [];
const grpcPort = await findFreePort();
const policies = createFixedPolicies({}, { outbox: on, inbox: on, deadLetters: { enabled: true, maxDeliveries: 3 } });

beforeAll(async () => {
  const [postgres, broker] = await Promise.all([
    createStandIn("postgres", { POSTGRES_USER: "shop", POSTGRES_PASSWORD: "shop", POSTGRES_DB: "inventory" }),
    createStandIn("broker", { RABBITMQ_DEFAULT_USER: "shop", RABBITMQ_DEFAULT_PASS: "shop" }),
  ]);
  standIns = [postgres, broker];
  for (const standIn of standIns) standIn.start();

  const url = `postgres://shop:shop@127.0.0.1:${postgres.port}/inventory`;
  const database = openDatabase({ url, peer: "inventory-db", migrations });
  const brokerUrl = `amqp://shop:shop@127.0.0.1:${broker.port}`;
  inventory = createInventory({ policies, database, bus: createRabbitBus(brokerUrl) });
  server = createHttpServer({ capacity: () => ({ workers: 8, serviceTimeMs: 0 }) });
  inventory.addRoutes(server);
  addGrpcDoor(server, { handlers: inventory.grpcHandlers, policies, port: grpcPort });
  await server.ready();

  const bus = createRabbitBus(brokerUrl);
  const subscription = bus.subscribe({
    queue: "spy",
    names: ["StockReserved", "StockRejected", "StockReleased", "StockCommitted", "StockLevelChanged"],
    async onMessage({ message }) {
      heard.push(message);
      return { kind: "done" };
    },
  });
  spy = { bus, subscription };
  const waiting = () => Promise.all([...inventory.needs, bus].map((need) => need.waitingFor()));
  await vi.waitFor(async () => expect(await waiting()).toEqual([null, null, null]), { timeout: 20_000 });
  await subscription.resume();
});
beforeEach(async () => {
  policies.setComponent({ inbox: on });
  await inventory.reset();
  heard = [];
});
afterAll(async () => {
  await server.close();
  for (const part of inventory.parts) await part.close();
  await spy.bus.close();
  for (const standIn of standIns) await standIn.remove();
});

const tell = (name: string, orderId: string, body: object = {}, id = randomUUID()) =>
  spy.bus.publish({ id, name, correlationId: orderId, at: Date.now(), body: { orderId, ...body } }, {});
const hear = (name: string, orderId: string) =>
  vi.waitFor(() => {
    const message = heard.find((each) => each.name === name && each.correlationId === orderId);
    if (!message) throw new Error(`no ${name} in ${JSON.stringify(heard)}`);
    return message.body;
  });

type Audit = { stock: { sku: string }[]; reservations: object[]; messaging: { outbox: number; dead: number } };
const audit = async (since = 0) => (await inventory.audit?.({ since })) as Audit;
const stockOf = async (sku: string) => (await audit()).stock.find((row) => row.sku === sku);
const post = (url: string, payload: object) => server.inject({ method: "POST", url, payload });

test("the saga's commands are answered, and everyone hears what is left", async () => {
  const [kept, given] = [randomUUID(), randomUUID()];
  await tell("ReserveStock", kept, { sku: "tea", quantity: 2 });
  expect(await hear("StockReserved", kept)).toEqual({ orderId: kept });
  await tell("CommitStock", kept);
  expect(await hear("StockCommitted", kept)).toEqual({ orderId: kept });
  expect(await hear("StockLevelChanged", "tea")).toEqual({ sku: "tea", available: INITIAL - 2 });

  await tell("ReleaseStock", given);
  expect(await hear("StockReleased", given)).toEqual({ orderId: given });
  await tell("ReserveStock", given, { sku: "tea", quantity: 2 });
  expect(await hear("StockRejected", given)).toEqual({ orderId: given, reason: "the order was given up before" });

  const { stock, reservations, messaging } = await audit();
  expect(stock.find(({ sku }) => sku === "tea")).toEqual({
    sku: "tea",
    initial: INITIAL,
    onHand: INITIAL - 2,
    reserved: 0,
    shipped: 2,
  });
  expect(reservations).toMatchObject([
    { orderId: kept, state: "committed", sku: "tea", quantity: 2, changedAt: expect.any(Number) },
    { orderId: given, state: "released" },
  ]);
  await expect.poll(async () => (await audit()).messaging).toMatchObject({ outbox: 0, queue: "inventory", queued: 0 });
  expect(messaging.dead).toBe(0);
});

test("a message that arrives twice counts once with the inbox, and twice without", async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  const id = randomUUID();
  const goods = { sku: "jam", quantity: 5 };
  await tell("ReserveStock", first, goods, id);
  await hear("StockReserved", first);
  await tell("ReserveStock", first, goods, id);
  await expect.poll(async () => (await audit()).messaging).toMatchObject({ queued: 0, outbox: 0 });
  expect(await stockOf("jam")).toMatchObject({ onHand: INITIAL - 5, reserved: 5 });

  policies.setComponent({ inbox: off });
  for (let times = 0; times < 2; times++) await tell("ReserveStock", second, goods, id);
  await expect.poll(() => stockOf("jam")).toMatchObject({ onHand: INITIAL - 15, reserved: 10 });
});

test("what cannot be understood or done is put aside with its reason, and the rest goes on", async () => {
  const order = randomUUID();
  await tell("ReserveStock", order, { sku: "tea", quantity: -1 });
  await tell("CommitStock", order);
  await tell("ReserveStock", order, { sku: "tea", quantity: 1 });
  await hear("StockReserved", order);
  await expect.poll(async () => (await audit()).messaging).toMatchObject({ dead: 2, explained: 2 });
});

test("in naive mode it is asked over HTTP", async () => {
  const orderId = randomUUID();
  const stateOf = async () => (await server.inject(`/reservations/${orderId}`)).json();
  expect(await stateOf()).toEqual({ state: "unknown" });
  expect((await post("/commit", { orderId })).statusCode).toBe(409);
  expect((await post("/reserve", { orderId, sku: "milk", quantity: 4 })).json()).toEqual({ state: "reserved" });
  expect(await stateOf()).toEqual({ state: "reserved" });
  expect((await post("/commit", { orderId })).json()).toEqual({ state: "committed" });
  expect(await hear("StockLevelChanged", "milk")).toEqual({ sku: "milk", available: INITIAL - 4 });

  const tooMuch = await post("/reserve", { orderId: randomUUID(), sku: "caviar", quantity: 1 });
  expect([tooMuch.statusCode, tooMuch.json().message]).toEqual([409, 'not enough "caviar" in stock']);
  expect((await post("/reserve", { orderId, sku: "milk", quantity: 101 })).statusCode).toBe(400);
});

test("GetAvailability answers over gRPC", async () => {
  const service = loadGrpcService(new URL("inventory.proto", import.meta.url), "corner_shop.inventory.v1.Inventory");
  const edge = createGrpcEdge("gateway", "inventory", `grpc://127.0.0.1:${grpcPort}`, policies, service);
  try {
    await post("/reserve", { orderId: randomUUID(), sku: "oats", quantity: 7 });
    expect(await edge.call("GetAvailability", { skus: ["oats", "caviar"] })).toEqual({
      items: [{ sku: "oats", available: INITIAL - 7 }],
    });
    expect(await edge.call("GetAvailability", { skus: [] })).toMatchObject({ items: { length: 12 } });
  } finally {
    edge.close();
  }
});

test("a reset brings the seed data back and empties queue, outbox and dead letters", async () => {
  await tell("CommitStock", randomUUID());
  await post("/reserve", { orderId: randomUUID(), sku: "milk", quantity: 4 });
  await expect.poll(async () => (await audit()).messaging.dead).toBe(1);
  await inventory.reset();
  await inventory.reset();
  const { stock, reservations, messaging } = await audit();
  expect(stock).toHaveLength(12);
  expect(stock).toEqual(stock.map(({ sku }) => ({ sku, initial: INITIAL, onHand: INITIAL, reserved: 0, shipped: 0 })));
  expect([reservations, messaging]).toMatchObject([[], { outbox: 0, queued: 0, dead: 0 }]);
  const order = randomUUID();
  await tell("ReserveStock", order, { sku: "tea", quantity: 1 });
  await hear("StockReserved", order);
});
