import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type CacheServer, startCache } from "../embedded/cache/start-cache.ts";
import { type CacheEdge, createCacheEdge } from "../kit/calls/cache-edge.ts";
import { type Database, openDatabase } from "../kit/database.ts";
import { createHttpServer } from "../kit/http-server.ts";
import { createLocalBus } from "../kit/messaging/local-bus.ts";
import type { Message } from "../kit/messaging/messaging.ts";
import type { Module } from "../kit/module.ts";
import { createFixedPolicies } from "../kit/testing/fixed-policies.ts";
import { createStandIn, type StandIn } from "../kit/testing/start-stand-in.ts";
import { createCatalog, migrations } from "./module.ts";

/* Catalog with its Postgres and a cache. */
const on = { enabled: true };
const off = { enabled: false };
const hardened = {
  ...{ requestCoalescing: on, staleIfError: on, replication: on, inbox: on, outbox: on },
  cacheAside: { enabled: true, ttlMs: 60_000 },
};
const policies = createFixedPolicies({}, hardened);
const bus = createLocalBus();
const told: Message[] = [];
let postgres: StandIn;
let database: Database;
let cacheServer: CacheServer;
let cache: CacheEdge;
let catalog: Module;
let server: FastifyInstance;
/** Reads of products that reached the database. */
let queries = 0;

beforeAll(async () => {
  postgres = await createStandIn("postgres", { POSTGRES_USER: "c", POSTGRES_PASSWORD: "c", POSTGRES_DB: "c" });
  postgres.start();
  cacheServer = await startCache({ host: "127.0.0.1", port: 0 });
  cache = createCacheEdge("catalog", "cache", `redis://${cacheServer.address}`, policies);
  database = openDatabase({ url: `postgres://c:c@127.0.0.1:${postgres.port}/c`, peer: "catalog-db", migrations });
  const counted: Database = {
    ...database,
    query<Row extends object>(text: string, values?: unknown[]) {
      if (text.includes("pg_sleep")) queries += 1;
      return database.query<Row>(text, values);
    },
  };
  catalog = createCatalog({ policies, database: counted, bus, cache });
  server = createHttpServer({ capacity: () => ({ workers: 100, serviceTimeMs: 0 }) });
  catalog.addRoutes(server);
  const onMessage = async ({ message }: { message: Message }) => {
    told.push(message);
    return { kind: "done" } as const;
  };
  await bus.subscribe({ queue: "ordering", names: ["ProductAdded", "ProductPriceChanged"], onMessage }).resume();
  const needs = [...catalog.needs, cache];
  await vi.waitFor(
    async () => expect(await Promise.all(needs.map((need) => need.waitingFor()))).toEqual([null, null, null]),
    { timeout: 30_000 },
  );
});
beforeEach(async () => {
  policies.setComponent(hardened);
  await cache.clear();
  told.length = 0;
  queries = 0;
});
afterAll(async () => {
  for (const part of catalog.parts) await part.close();
  await Promise.all([server.close(), cacheServer.close(), postgres.remove()]);
});

const get = async (url: string) => (await server.inject({ method: "GET", url })).json();
const stockLevel = (available: number, at: number): Message => ({
  ...{ id: randomUUID(), name: "StockLevelChanged", correlationId: "tea", at },
  body: { sku: "tea", available },
});

test("twelve products, each to be had by its sku", async () => {
  const { products } = await get("/products");
  expect(products).toHaveLength(12);
  expect(products[0]).toEqual({ sku: "apple", name: "Apples, 1 kg", priceCents: 299, available: null });
  expect(await get("/products/apple")).toEqual(products[0]);
  expect((await server.inject({ method: "GET", url: "/products/gold" })).statusCode).toBe(404);
});

test("a new product and a new price are seen at once, and told", async () => {
  await get("/products");
  const product = { sku: "salt", name: "Sea salt", priceCents: 99 };
  const add = () => server.inject({ method: "POST", url: "/products", payload: product });
  expect([(await add()).statusCode, (await add()).statusCode]).toEqual([201, 409]);
  expect((await get("/products")).products).toHaveLength(13);
  const change = (sku: string) =>
    server.inject({ method: "PUT", url: `/products/${sku}/price`, payload: { priceCents: 119 } });
  expect([(await change("salt")).statusCode, (await change("gold")).statusCode]).toEqual([200, 404]);
  expect((await get("/products/salt")).priceCents).toBe(119);
  await vi.waitFor(() =>
    expect(told.map(({ name, correlationId, body }) => [name, correlationId, body])).toEqual([
      ["ProductAdded", "salt", product],
      ["ProductPriceChanged", "salt", { sku: "salt", priceCents: 119 }],
    ]),
  );
});

test("the stock badge follows inventory, also when its events overtake each other", async () => {
  const now = Date.now();
  await bus.publish(stockLevel(7, now), {});
  const available = () =>
    database.query<{ available: number | null }>("SELECT available FROM products WHERE sku = 'tea'");
  await vi.waitFor(async () => expect(await available()).toEqual([{ available: 7 }]));
  await bus.publish(stockLevel(9, now - 50), {});
  await bus.publish(stockLevel(6, now + 50), {});
  await vi.waitFor(async () => expect(await available()).toEqual([{ available: 6 }]));
  expect((await get("/products/tea")).available).toBe(6);

  policies.setComponent({ replication: off });
  expect((await get("/products/tea")).available).toBe(null);
  await bus.publish(stockLevel(5, now + 100), {});
  await vi.waitFor(async () => expect(await available()).toEqual([{ available: null }]));
});

test("after a flush a crowd asks the database once for each page with coalescing, and ten times and more without", async () => {
  const pages = ["/products", "/products/milk"];
  const crowd = () => Promise.all(Array.from({ length: 60 }, (_, i) => get(pages[i % 2] ?? "")));
  await crowd();
  expect(queries).toBe(pages.length);

  policies.setComponent({ requestCoalescing: off });
  await cache.clear();
  queries = 0;
  await crowd();
  expect(queries).toBeGreaterThanOrEqual(10 * pages.length);
});

test("a reset brings the seed back, and tells what costs something else again", async () => {
  await server.inject({ method: "PUT", url: "/products/jam/price", payload: { priceCents: 1 } });
  await bus.publish(stockLevel(3, Date.now()), {});
  await get("/products");
  await catalog.reset();
  const { products } = await get("/products");
  expect(products).toHaveLength(12);
  expect(products.find(({ sku }: { sku: string }) => sku === "jam").priceCents).toBe(389);
  await vi.waitFor(() => expect(told.at(-1)?.body).toEqual({ sku: "jam", priceCents: 389 }));
  await vi.waitFor(async () =>
    expect(await catalog.audit?.({ since: 0 })).toMatchObject({ messaging: { outbox: 0, queued: 0, dead: 0 } }),
  );
});

test("the audit tells every product's price and badge, and what changed since", async () => {
  const all = await catalog.audit?.({ since: 0 });
  expect(all).toMatchObject({ now: expect.any(Number), products: expect.objectContaining({ length: 12 }) });
  const since = Date.now() + 1;
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(since));
  await server.inject({ method: "PUT", url: "/products/oats/price", payload: { priceCents: 209 } });
  expect(await catalog.audit?.({ since })).toMatchObject({
    products: [{ sku: "oats", priceCents: 209, available: null, stockChangedAt: null }],
  });
});

test("with the database dead and the cache empty, customers see what they saw last", async () => {
  const before = await get("/products");
  await postgres.kill();
  await cache.clear();
  expect(await get("/products")).toEqual(before);
  expect((await server.inject({ method: "GET", url: "/products/honey" })).statusCode).toBe(503);
  postgres.start();
  await vi.waitFor(async () => expect(await get("/products/honey")).toMatchObject({ sku: "honey" }), {
    timeout: 30_000,
    interval: 100,
  });
});
