import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { SpanKind } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { demoSettings } from "../circuit-breaker/demo-settings.fixture.ts";
import type { EdgePolicies } from "../policies/schema.ts";
import { createFixedPolicies } from "../testing/fixed-policies.ts";
import { recordSpans } from "../testing/record-spans.ts";
import { findFreePort } from "../testing/start-stand-in.ts";
import { type CacheEdge, createCacheEdge } from "./cache-edge.ts";

let port: number;
let cache: ChildProcess;
let edge: CacheEdge;
let recorded: ReturnType<typeof recordSpans>;

function startCache() {
  const env = { ...process.env, PORT: String(port), HOST: "127.0.0.1" };
  cache = spawn(process.execPath, [join(import.meta.dirname, "../../embedded/cache.ts")], { env, stdio: "ignore" });
}
async function killCache() {
  const ended = once(cache, "exit");
  cache.kill("SIGKILL");
  await ended;
}
async function connect(policies: EdgePolicies = {}) {
  const fixed = createFixedPolicies(policies);
  edge = createCacheEdge("catalog", "cache", `redis://127.0.0.1:${port}`, fixed);
  await vi.waitFor(() => expect(edge.waitingFor()).toBe(null), { timeout: 10_000 });
  return fixed;
}
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => "answered",
    (error) => error.failure,
  );

beforeAll(async () => {
  port = await findFreePort();
  startCache();
});
afterAll(killCache);
beforeEach(() => {
  recorded = recordSpans();
});
afterEach(() => {
  edge.close();
  recorded.end();
});

test("keeps, gives back and forgets", async () => {
  await connect();
  expect(await edge.get("milk")).toBe(null);
  await edge.set("milk", "139", 60_000);
  await edge.set("bread", "249", 60_000);
  expect(await edge.get("milk")).toBe("139");
  await edge.del("milk");
  expect([await edge.get("milk"), await edge.get("bread")]).toEqual([null, "249"]);
  await edge.clear();
  expect(await edge.get("bread")).toBe(null);
});

test("each command is a client span that names the cache", async () => {
  await connect();
  await edge.get("milk");
  expect(recorded.spans()[0]).toMatchObject({
    name: "GET",
    kind: SpanKind.CLIENT,
    attributes: { "db.system.name": "redis", "db.operation.name": "GET", "peer.service": "cache", "server.port": port },
  });
});

test("a killed cache fails at once, opens the breaker, and is used again when it is back", async () => {
  const policies = await connect({ circuitBreaker: { ...demoSettings, minimumCalls: 3 } });
  await killCache();
  await vi.waitFor(() => expect(edge.waitingFor()).toBe("cache"));
  for (let n = 0; n < 3; n++) expect(await failureOf(edge.get("milk"))).toBe("unreachable");
  expect(await failureOf(edge.get("milk"))).toBe("refused");
  startCache();
  policies.set({ circuitBreaker: { ...demoSettings, mode: "disabled" } });
  await vi.waitFor(async () => expect(await edge.get("milk")).toBe(null), { timeout: 10_000 });
});

test("a cache that is killed while it has commands to answer lets go of them", async () => {
  await connect();
  cache.kill("SIGSTOP");
  const waiting = failureOf(edge.get("milk"));
  await killCache();
  expect(await waiting).toBe("unreachable");
  startCache();
});

test("a cache that hangs is given up after the timeout, and bounds what waits for it", async () => {
  await connect({ timeout: { enabled: true, timeoutMs: 30 } });
  cache.kill("SIGSTOP");
  const failures = await Promise.all(Array.from({ length: 110 }, () => failureOf(edge.get("milk"))));
  expect(failures.slice(0, 100)).toEqual(Array(100).fill("timed_out"));
  expect(failures.slice(100)).toEqual(Array(10).fill("unreachable"));
  cache.kill("SIGCONT");
  await vi.waitFor(async () => expect(await edge.get("milk")).toBe(null));
});
