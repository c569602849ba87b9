import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createEdge } from "../kit/calls/call-edge.ts";
import { type Database, openDatabase } from "../kit/database.ts";
import { createHttpServer } from "../kit/http-server.ts";
import { createRabbitBus } from "../kit/messaging/rabbit-bus.ts";
import type { Module } from "../kit/module.ts";
import type { ComponentPolicies } from "../kit/policies/schema.ts";
import { createFixedPolicies } from "../kit/testing/fixed-policies.ts";
import { recordSpans } from "../kit/testing/record-spans.ts";
import { createOrdering, migrations } from "./module.ts";
import { startWorld, type World } from "./testing/start-world.ts";

const on = { enabled: true };
const off = { enabled: false };
const hardened: ComponentPolicies = {
  saga: on,
  outbox: on,
  inbox: on,
  replication: on,
  idempotencyKeys: on,
  capacity: { workers: 8, serviceTimeMs: 0 },
};
const naive = { saga: off, outbox: off, inbox: off, replication: off, idempotencyKeys: off };

let world: World;
let ordering: Module;
let database: Database;
let server: ReturnType<typeof createHttpServer>;
const policies = createFixedPolicies({}, hardened);

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.remove());

beforeEach(async () => {
  policies.setComponent(hardened);
  world.participants.play({});
  database = openDatabase({ url: world.databaseUrl, peer: "ordering-db", migrations });
  const toEdge = (callee: string) => createEdge("ordering", callee, world.participants.url, policies);
  const bus = createRabbitBus(world.brokerUrl);
  ordering = createOrdering({
    policies,
    database,
    bus,
    edges: {
      catalog: toEdge("catalog"),
      inventory: toEdge("inventory"),
      payments: toEdge("payments"),
      shipping: toEdge("shipping"),
      notifications: toEdge("notifications"),
    },
  });
  server = createHttpServer({ capacity: () => policies.component().capacity, needs: ordering.needs, policies });
  ordering.addRoutes(server);
  await vi.waitFor(async () => expect((await server.inject("/ready")).json()).toMatchObject({ ready: true }));
});
afterEach(async () => {
  await server.close();
  for (const part of ordering.parts) await part.close();
});

async function place(headers: Record<string, string> = {}, payload = { sku: "milk", quantity: 2 }) {
  const answer = await server.inject({ method: "POST", url: "/orders", payload, headers });
  return { code: answer.statusCode, ...answer.json() };
}
const get = async (id: string) => (await server.inject(`/orders/${id}`)).json();
const reaches = (id: string, status: string) =>
  vi.waitFor(async () => expect((await get(id)).status).toBe(status), { timeout: 30_000, interval: 20 });
const names = (id: string) => world.participants.names(id);
const statesOf = (id: string) => Object.values(world.participants.states).map((kind) => kind.get(id));

type Audit = { now: number; orders: { id: string; status: string }[]; prices: object[] };
const audit = async (since = 0) => (await ordering.audit?.({ since })) as Audit;

const forward = ["ReserveStock", "AuthorizePayment", "BookShipment", "CapturePayment", "CommitStock"];

test("by saga an order is taken at once and CONFIRMED soon, each step in turn", async () => {
  const order = await place();
  expect(order).toMatchObject({ code: 202, sku: "milk", quantity: 2, amountCents: 278 });
  await reaches(order.id, "CONFIRMED");
  await vi.waitFor(() => expect(names(order.id)).toContain("OrderConfirmed"));
  expect(names(order.id).filter((name) => forward.includes(name))).toEqual(forward);
  expect(statesOf(order.id)).toEqual(["committed", "captured", "booked"]);
  const { history } = await get(order.id);
  expect(history.map(({ step, what }: { step: string; what: string }) => `${step} ${what}`)).toEqual([
    "T1 order PENDING",
    "T2 ReserveStock sent",
    "T2 ReserveStock answered",
    "T3 AuthorizePayment sent",
    "T3 AuthorizePayment answered",
    "T4 BookShipment sent",
    "T4 BookShipment answered",
    "T5 CapturePayment sent",
    "T5 CapturePayment answered",
    "T6 CommitStock sent",
    "T6 CommitStock answered",
    "T7 order CONFIRMED",
  ]);
});

test.each([
  ["ReserveStock", ["released", undefined, undefined]],
  ["AuthorizePayment", ["released", "voided", undefined]],
  ["BookShipment", ["released", "voided", "cancelled"]],
])("%s refused: CANCELLED with its reason, and everything is given back", async (command, states) => {
  world.participants.play({ [command]: ["refused"] });
  const { id } = await place();
  await reaches(id, "CANCELLED");
  expect(await get(id)).toMatchObject({ reason: `no ${command}`, needsHelp: false });
  await vi.waitFor(() => expect(names(id)).toContain("OrderCancelled"));
  await vi.waitFor(() => expect(statesOf(id)).toEqual(states));
});

test("every reply may come twice", async () => {
  world.participants.play(Object.fromEntries(forward.map((name) => [name, ["doubled"]])));
  const { id } = await place();
  await reaches(id, "CONFIRMED");
  expect(names(id).filter((name) => forward.includes(name))).toEqual(forward);
});

test("lost replies: asked by key after the deadline, and sent again where nothing is asked", async () => {
  world.participants.play({ ReserveStock: ["lost"], CapturePayment: ["lost", "ok"], CommitStock: ["lost", "ok"] });
  const { id } = await place();
  await reaches(id, "CONFIRMED");
  const told = (await get(id)).history.map(({ step, what }: { step: string; what: string }) => `${step} ${what}`);
  expect(told).toContain("T2 ReserveStock found done");
  expect(told.filter((line: string) => line === "T5 CapturePayment sent again")).toHaveLength(1);
  expect(statesOf(id)).toEqual(["committed", "captured", "booked"]);
});

test("a lost command is sent once more; lost twice, everything is given back", async () => {
  world.participants.play({ ReserveStock: ["ignored", "ok"], BookShipment: ["ignored"] });
  const { id } = await place();
  await reaches(id, "CANCELLED");
  expect(await get(id)).toMatchObject({ reason: "shipping does not know of the order" });
  await vi.waitFor(() => expect(statesOf(id)).toEqual(["released", "voided", "cancelled"]));
});

test("an order that began by saga ends by saga, also when the saga is switched off meanwhile; and the other way round", async () => {
  const inWork = Promise.withResolvers<void>();
  world.participants.onCommand((name) => {
    if (name === "AuthorizePayment") inWork.resolve();
  });
  const { id } = await place();
  await inWork.promise;
  policies.setComponent(naive);
  await reaches(id, "CONFIRMED");
  expect(names(id)).not.toContain("/reserve");
  const second = await place();
  expect(second).toMatchObject({ code: 201 });
  policies.setComponent(hardened);
  expect(names(second.id)).not.toContain("ReserveStock");
  await reaches(second.id, "CONFIRMED");
});

test("without a saga: one service after the other, with the mail in line, CONFIRMED when it is answered", async () => {
  policies.setComponent(naive);
  const { id, code } = await place();
  expect(code).toBe(201);
  expect((await get(id)).status).toBe("CONFIRMED");
  await vi.waitFor(() => expect(names(id)).toContain("OrderConfirmed"));
  expect(names(id)).toEqual(["/reserve", "/payments", "/shipments", "/commit", "/mails", "OrderConfirmed"]);
  expect(world.participants.seen.findLast(({ name }) => name === "OrderConfirmed")?.body).toMatchObject({
    mailed: true,
  });
});

test("without a saga a step that fails leaves what was done, and the order FAILED", async () => {
  policies.setComponent(naive);
  world.participants.play({ "/shipments": ["refused"] });
  const { code } = await place();
  expect(code).toBe(409);
  const { orders } = await audit();
  const failed = orders.at(-1);
  expect(failed?.status).toBe("FAILED");
  expect(names(failed?.id ?? "")).toEqual(["/reserve", "/payments", "/shipments"]);
});

test("without a saga a mail that cannot be sent fails the checkout of a CONFIRMED order", async () => {
  policies.setComponent(naive);
  world.participants.play({ "/mails": ["refused"] });
  expect((await place()).code).toBe(409);
  const { orders } = await audit();
  expect(orders.at(-1)?.status).toBe("CONFIRMED");
});

test("the same Idempotency-Key is the same order, at once, later, and at the same time", async () => {
  const key = { "idempotency-key": "k1" };
  const [first, second, third] = await Promise.all([place(key), place(key), place(key)]);
  expect(new Set([first.id, second.id, third.id]).size).toBe(1);
  await reaches(first.id, "CONFIRMED");
  expect(await place(key)).toMatchObject({ code: 201, id: first.id });
  expect(await place(key, { sku: "tea", quantity: 1 })).toMatchObject({ code: 422 });
  policies.setComponent({ idempotencyKeys: off });
  expect((await place(key)).id).not.toBe(first.id);
});

test("replicated prices follow catalog's events, whichever comes last, and need no catalog", async () => {
  const { participants } = world;
  await place();
  const tell = (priceCents: number, at: number) =>
    participants.bus.publish(
      {
        id: crypto.randomUUID(),
        name: "ProductPriceChanged",
        correlationId: "milk",
        at,
        body: { sku: "milk", priceCents },
      },
      {},
    );
  await tell(500, Date.now() + 1_000);
  await tell(400, Date.now());
  participants.answer(false);
  await vi.waitFor(async () => expect(await place()).toMatchObject({ amountCents: 1_000 }));
  policies.setComponent({ replication: off });
  expect(await place()).toMatchObject({ code: 424 });
  participants.answer(true);
  expect(await place()).toMatchObject({ code: 202, amountCents: 278 });
});

test("a product that the replica misses is fetched, one that nobody knows is refused", async () => {
  world.participants.prices.set("jam", 389);
  expect(await place({}, { sku: "jam", quantity: 1 })).toMatchObject({ amountCents: 389 });
  expect(await place({}, { sku: "gold", quantity: 1 })).toMatchObject({ code: 404 });
});

test("every step is a span in the trace of the order, compensations are marked", async () => {
  const recorded = recordSpans();
  world.participants.play({ AuthorizePayment: ["refused"] });
  const { id } = await place();
  await reaches(id, "CANCELLED");
  const spans = recorded.spans().filter(({ attributes }) => attributes["saga.order_id"] === id);
  expect(spans.map(({ name }) => name).sort()).toEqual(
    [
      "saga T1 order PENDING",
      "saga T2 ReserveStock sent",
      "saga T2 ReserveStock answered",
      "saga T3 AuthorizePayment sent",
      "saga T3 AuthorizePayment refused",
      "saga T3 VoidPayment sent",
      "saga T2 ReleaseStock sent",
      "saga T3 VoidPayment compensated",
      "saga T2 ReleaseStock compensated",
      "saga T1 order CANCELLED",
    ].sort(),
  );
  const undo = spans.find(({ name }) => name === "saga T2 ReleaseStock sent");
  expect(undo?.attributes).toMatchObject({ "saga.compensation": true, "saga.step": "T2", "saga.outcome": "sent" });
  recorded.end();
});

test("reset forgets every order and price; afterwards all is as in the beginning", async () => {
  world.participants.play({ BookShipment: ["ignored"] });
  await place();
  await ordering.reset();
  await ordering.reset();
  expect(await audit()).toMatchObject({
    orders: [],
    prices: [],
    messaging: { outbox: 0, queue: "ordering", queued: 0, dead: 0 },
  });
  world.participants.play({});
  const { id } = await place();
  await reaches(id, "CONFIRMED");
});

test("the audit tells what changed since, oldest first", async () => {
  const first = await place();
  await reaches(first.id, "CONFIRMED");
  const { now } = await audit();
  const second = await place();
  await reaches(second.id, "CONFIRMED");
  const { orders, prices } = await audit(now);
  expect(orders).toMatchObject([{ id: second.id, status: "CONFIRMED", needsHelp: false, amountCents: 278 }]);
  expect(prices).toContainEqual({ sku: "milk", priceCents: expect.any(Number), changedAt: expect.any(Number) });
});

test("the lane of those that need help lists only them", async () => {
  const { id } = await place();
  await reaches(id, "CONFIRMED");
  expect((await server.inject("/orders?status=needs_help")).json()).toEqual({ orders: [] });
  await database.query("UPDATE orders SET needs_help = true WHERE id = $1", [id]);
  expect((await server.inject("/orders?status=needs_help")).json()).toMatchObject({
    orders: [{ id, needsHelp: true }],
  });
  expect((await server.inject("/orders")).statusCode).toBe(400);
});
