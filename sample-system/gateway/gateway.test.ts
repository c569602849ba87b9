import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createEdge } from "../kit/calls/call-edge.ts";
import { createGrpcEdge } from "../kit/calls/grpc/grpc-edge.ts";
import { createGrpcServer, type GrpcServer } from "../kit/calls/grpc/grpc-server.ts";
import { loadGrpcService } from "../kit/calls/grpc/service.ts";
import { createHttpClient, type HttpClient } from "../kit/calls/http-call.ts";
import { after } from "../kit/calls/time-limit.ts";
import { createHttpServer } from "../kit/http-server.ts";
import type { Module } from "../kit/module.ts";
import type { EdgePolicies } from "../kit/policies/schema.ts";
import { createFixedPolicies } from "../kit/testing/fixed-policies.ts";
import { createWorkerPool } from "../kit/worker-pool.ts";
import { createSession } from "../load/session.ts";
import { type Callee, startCallee } from "./callees.fixture.ts";
import { createGateway } from "./module.ts";

const milk = { sku: "milk", name: "Milk", priceCents: 139, available: 5 };
const naive: EdgePolicies = {};
const hardened: EdgePolicies = { fallback: { enabled: true }, timeout: { enabled: true, timeoutMs: 150 } };

const proto = new URL("../inventory/inventory.proto", import.meta.url);
const inventoryService = loadGrpcService(proto, "corner_shop.inventory.v1.Inventory");
const policies = createFixedPolicies(naive, { authentication: { enabled: true } });
let catalog: Callee;
let ordering: Callee;
let shipping: Callee;
let inventory: GrpcServer;
let stock: (message: unknown) => Promise<object>;
let gateway: Module;
let server: ReturnType<typeof createHttpServer>;
let client: HttpClient;
let customer: ReturnType<typeof createSession>;

beforeEach(async () => {
  policies.set(naive);
  catalog = await startCallee(({ url }) => [200, url === "/products" ? { products: [milk] } : milk]);
  ordering = await startCallee(() => [200, { id: "o1", status: "CONFIRMED" }]);
  shipping = await startCallee(({ url }) => [
    200,
    url?.startsWith("/quote") ? { cents: 405, days: 2 } : { state: "booked" },
  ]);
  stock = async () => ({ items: [{ sku: "milk", available: 7 }] });
  inventory = createGrpcServer({
    service: inventoryService,
    handlers: { GetAvailability: (message) => stock(message) },
    pool: createWorkerPool(() => ({ workers: 16, serviceTimeMs: 0 })),
  });
  const port = await inventory.listen(0);
  const edge = (name: string, { url }: Callee) => createEdge("gateway", name, url, policies);
  gateway = createGateway({
    policies,
    tokenSecret: "a secret of at least 32 characters",
    catalog: edge("catalog", catalog),
    ordering: edge("ordering", ordering),
    shipping: edge("shipping", shipping),
    inventory: createGrpcEdge("gateway", "inventory", `grpc://127.0.0.1:${port}`, policies, inventoryService),
  });
  server = createHttpServer({ capacity: () => ({ workers: 16, serviceTimeMs: 0 }), needs: gateway.needs });
  gateway.addRoutes(server);
  client = createHttpClient("gateway", await server.listen({ port: 0, host: "127.0.0.1" }));
  customer = createSession(client, "ann");
});
afterEach(async () => {
  client.close();
  await server.close();
  for (const part of gateway.parts) await part.close();
  await inventory.close();
  for (const callee of [catalog, ordering, shipping]) await callee.close();
});

const get = (path: string) => customer.request({ method: "GET", path }, after(5_000));
const checkout = (body: object, idempotencyKey?: string) =>
  customer.request(
    { method: "POST", path: "/checkout", body, ...(idempotencyKey && { idempotencyKey }) },
    after(5_000),
  );
const fullPage = { products: [{ ...milk, available: 7 }], shipping: { cents: 405, days: 2 }, degraded: [] };

test("hands out tokens to whoever says a name, and lets nobody in without one", async () => {
  const ask = (body: object) => client.request({ method: "POST", path: "/tokens", body }, after(5_000));
  expect((await ask({ client: "ann" })).status).toBe(200);
  expect((await ask({})).status).toBe(400);
  expect((await client.request({ method: "GET", path: "/home" }, after(5_000))).status).toBe(401);
  expect(catalog.asked).toEqual([]);
});

test("the home page is put together from three services", async () => {
  const asked: unknown[] = [];
  stock = async (message) => {
    asked.push(message);
    return { items: [{ sku: "milk", available: 7 }] };
  };
  expect(await get("/home")).toEqual({ status: 200, body: fullPage });
  expect([asked, shipping.asked]).toEqual([[{ skus: ["milk"] }], ["GET /quote?sku=milk&quantity=1"]]);
});

test("hardened: all are asked at once", async () => {
  policies.set({ fallback: { enabled: true } });
  await get("/home");
  const gate = Promise.withResolvers<void>();
  const asked: string[] = [];
  catalog.answer = async () => {
    asked.push("catalog");
    await gate.promise;
    return [200, { products: [milk] }];
  };
  shipping.answer = async () => {
    asked.push("shipping");
    await gate.promise;
    return [200, { cents: 405, days: 2 }];
  };
  stock = async () => {
    asked.push("inventory");
    await gate.promise;
    return { items: [{ sku: "milk", available: 7 }] };
  };
  const page = get("/home");
  await vi.waitFor(() => expect(asked.sort()).toEqual(["catalog", "inventory", "shipping"]));
  gate.resolve();
  expect((await page).body).toEqual(fullPage);
});

test("hardened: who does not answer in time, answers nonsense, or is gone is missing from the page", async () => {
  policies.set(hardened);
  await get("/home");
  catalog.answer = () => new Promise(() => {});
  shipping.answer = () => [200, { price: "unknown" }];
  await inventory.close();
  expect(await get("/home")).toEqual({
    status: 200,
    body: { products: [milk], shipping: null, degraded: ["stale_products", "replicated_stock", "no_quote"] },
  });
});

test("naive: one after the other, and the first failure is the page's", async () => {
  catalog.answer = () => [500, {}];
  expect((await get("/home")).status).toBe(502);
  expect(shipping.asked).toEqual([]);
  catalog.answer = () => [200, { products: [milk] }];
  await shipping.close();
  expect((await get("/home")).status).toBe(502);
});

test("a checkout passes its key on, and its answer back", async () => {
  ordering.answer = () => [202, { id: "o1", status: "PENDING" }];
  const answer = await checkout({ sku: "milk", quantity: 2 }, "key-1");
  expect(answer).toEqual({ status: 202, body: { id: "o1", status: "PENDING" } });
  expect([ordering.asked, ordering.headers["idempotency-key"]]).toEqual([["POST /orders"], "key-1"]);
  await checkout({ sku: "milk", quantity: 2 });
  expect(ordering.headers["idempotency-key"]).toBe(undefined);
});

test.each([
  [409, 409],
  [424, 503],
  [500, 502],
])("a checkout that ordering answers with %i is answered with %i", async (status, expected) => {
  ordering.answer = () => [status, {}];
  expect((await checkout({ sku: "milk", quantity: 2 })).status).toBe(expected);
});

test("an order is shown with its shipment", async () => {
  const { body } = await get("/orders/o1");
  expect(body).toEqual({ id: "o1", status: "CONFIRMED", shipment: { state: "booked" }, degraded: [] });
  expect([ordering.asked, shipping.asked]).toEqual([["GET /orders/o1"], ["GET /shipments/o1"]]);
});

test("without shipping an order lacks its shipment; naive, the order cannot be shown", async () => {
  await shipping.close();
  expect((await get("/orders/o1")).status).toBe(502);
  policies.set(hardened);
  const { status, body } = await get("/orders/o1");
  expect([status, body]).toEqual([200, { id: "o1", status: "CONFIRMED", shipment: null, degraded: ["no_shipment"] }]);
});

test("an order that nobody knows is not found, and one that ordering cannot show fails", async () => {
  policies.set(hardened);
  ordering.answer = () => [404, { message: "no such order" }];
  expect(await get("/orders/o2")).toEqual({ status: 404, body: { message: "no such order" } });
  ordering.answer = () => new Promise(() => {});
  expect((await get("/orders/o1")).status).toBe(504);
});

test("a product's page asks the catalog alone", async () => {
  await shipping.close();
  expect(await get("/products/a%2Fb")).toEqual({ status: 200, body: milk });
  expect(catalog.asked).toEqual(["GET /products/a%2Fb"]);
});

test("a reset forgets the last list", async () => {
  policies.set(hardened);
  await get("/home");
  await gateway.reset();
  await catalog.close();
  expect((await get("/home")).status).toBe(502);
});
