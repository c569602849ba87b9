import { trace } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type CacheServer, startCache } from "../embedded/cache/start-cache.ts";
import { type CacheEdge, createCacheEdge } from "../kit/calls/cache-edge.ts";
import { createFixedPolicies } from "../kit/testing/fixed-policies.ts";
import { recordSpans } from "../kit/testing/record-spans.ts";
import { createCachedReads } from "./cached-reads.ts";

const on = { enabled: true };
const off = { enabled: false };
const aside = { enabled: true, ttlMs: 60_000 };
/** Readers at once. */
const CROWD = 40;

let server: CacheServer;
let cache: CacheEdge;
let loads: string[];
beforeAll(async () => {
  server = await startCache({ host: "127.0.0.1", port: 0 });
  cache = createCacheEdge("catalog", "cache", `redis://${server.address}`, createFixedPolicies({}));
  await vi.waitFor(() => expect(cache.waitingFor()).toBe(null));
});
beforeEach(async () => {
  loads = [];
  await cache.clear();
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  cache.close();
  await server.close();
});

function load(key: string, value: unknown = key) {
  return async () => {
    loads.push(key);
    await new Promise((resolve) => setImmediate(resolve));
    return value;
  };
}
const crowd = (read: () => Promise<unknown>) => Promise.all(Array.from({ length: CROWD }, read));

test("loads once, then answers from the cache, also for nothing", async () => {
  const reads = createCachedReads({ cache, policies: createFixedPolicies({}, { cacheAside: aside }) });
  for (let i = 0; i < 3; i++) {
    expect(await reads.read("a", load("a", { cents: 5 }))).toEqual({ cents: 5 });
    expect(await reads.read("b", load("b", null))).toBe(null);
  }
  expect(loads).toEqual(["a", "b"]);
});

test("after a flush, a crowd loads everything once with coalescing, and each reader for itself without", async () => {
  const policies = createFixedPolicies({}, { cacheAside: aside, requestCoalescing: on });
  const reads = createCachedReads({ cache, policies });
  const keys = ["list", "milk", "tea"];
  const readAll = () => Promise.all(keys.map((key) => reads.read(key, load(key))));
  await readAll();
  loads = [];

  await cache.clear();
  await crowd(readAll);
  expect(loads).toHaveLength(keys.length);

  policies.setComponent({ requestCoalescing: off });
  loads = [];
  await cache.clear();
  await crowd(readAll);
  expect(loads.length).toBeGreaterThanOrEqual(10 * keys.length);
});

test("what has changed is loaded anew, also by who comes while the old answer is on its way", async () => {
  const policies = createFixedPolicies({}, { cacheAside: aside, requestCoalescing: on });
  const reads = createCachedReads({ cache, policies });
  const gate = Promise.withResolvers<string>();
  const begun = Promise.withResolvers<void>();
  const old = reads.read("a", () => {
    begun.resolve();
    return gate.promise;
  });
  await begun.promise;
  await reads.forget("a");
  expect(await reads.read("a", load("a", "new"))).toBe("new");
  gate.resolve("old");
  expect(await old).toBe("old");
  expect(await reads.read("a", load("a", "newer"))).toBe("new");
});

test("while the database fails, the last good answer stands; without the switch, the failure", async () => {
  const policies = createFixedPolicies({}, { cacheAside: aside, staleIfError: on });
  const reads = createCachedReads({ cache, policies });
  const fail = vi.fn(() => Promise.reject(new Error("catalog-db is down")));
  await expect(reads.read("a", fail)).rejects.toThrow("catalog-db is down");
  await reads.read("a", load("a", 7));
  await cache.clear();
  expect(await reads.read("a", fail)).toBe(7);
  expect(await reads.read("a", fail)).toBe(7);
  expect(fail).toHaveBeenCalledTimes(2);

  policies.setComponent({ staleIfError: off });
  await cache.clear();
  await expect(reads.read("a", fail)).rejects.toThrow("catalog-db is down");
});

test("without the policy every read is the database's", async () => {
  const reads = createCachedReads({ cache, policies: createFixedPolicies({}) });
  await cache.set("a", '"cached"', 60_000);
  expect([await reads.read("a", load("a")), await reads.read("a", load("a"))]).toEqual(["a", "a"]);
  expect(loads).toHaveLength(2);
});

test("a cache that holds nonsense is passed by, and overwritten", async () => {
  const reads = createCachedReads({ cache, policies: createFixedPolicies({}, { cacheAside: aside }) });
  await cache.set("a", "{", 60_000);
  expect(await reads.read("a", load("a", 1))).toBe(1);
  expect(await reads.read("a", load("a", 2))).toBe(1);
});

test("the span says where the answer came from", async () => {
  const policies = createFixedPolicies({}, { cacheAside: aside, requestCoalescing: on, staleIfError: on });
  const reads = createCachedReads({ cache, policies });
  const recorded = recordSpans();
  const readInSpan = (name: string, ask: () => Promise<unknown>) =>
    trace.getTracer("test").startActiveSpan(name, (span) => reads.read("a", ask).finally(() => span.end()));
  await Promise.all([readInSpan("first", load("a")), readInSpan("second", load("a"))]);
  await readInSpan("third", load("a"));
  await cache.clear();
  await readInSpan("fourth", () => Promise.reject(new Error("down")));
  policies.setComponent({ cacheAside: { ...aside, enabled: false } });
  await readInSpan("fifth", load("a"));
  const usage = Object.fromEntries(recorded.spans().map(({ name, attributes }) => [name, attributes["cache.usage"]]));
  recorded.end();
  expect(usage).toMatchObject({ first: "miss", second: "coalesced", third: "hit", fourth: "stale", fifth: "off" });
});

test("a cache that has gone and a breaker that knows it: straight to the database", async () => {
  const own = await startCache({ host: "127.0.0.1", port: 0 });
  const edgePolicies = createFixedPolicies({
    timeout: { enabled: true, timeoutMs: 50 },
    circuitBreaker: {
      mode: "auto",
      rules: "resilience4j",
      windowMs: 10_000,
      windowCalls: 0,
      minimumCalls: 5,
      failureRatePercent: 50,
      slowCallMs: 40,
      slowRatePercent: 60,
      openMs: 60_000,
      permittedProbes: 3,
    },
  });
  const gone = createCacheEdge("catalog", "cache", `redis://${own.address}`, edgePolicies);
  await vi.waitFor(() => expect(gone.waitingFor()).toBe(null));
  await own.close();
  const reads = createCachedReads({ cache: gone, policies: createFixedPolicies({}, { cacheAside: aside }) });
  for (let i = 0; i < 5; i++) expect(await reads.read("a", load("a"))).toBe("a");
  await expect(gone.get("a")).rejects.toMatchObject({ failure: "refused" });
  expect(await reads.read("a", load("a"))).toBe("a");
  gone.close();
});
