import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { trace } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { demoSettings } from "../circuit-breaker/demo-settings.fixture.ts";
import { workUntil } from "../deadline.ts";
import type { EdgePolicies } from "../policies/schema.ts";
import { createFixedPolicies } from "../testing/fixed-policies.ts";
import { recordSpans } from "../testing/record-spans.ts";
import { createEdge, type Edge } from "./call-edge.ts";

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;
const ok: Answer = (_request, response) => response.end('{"ok":true}');
const get = { method: "GET", path: "/" } as const;
const timeout = (timeoutMs: number) => ({ enabled: true, timeoutMs });

let answer: Answer;
let received = 0;
let edge: Edge;
let recorded: ReturnType<typeof recordSpans>;
const server = http.createServer((request, response) => {
  received += 1;
  answer(request, response);
});

async function connect(policies: EdgePolicies) {
  if (!server.listening) await once(server.listen(0, "127.0.0.1"), "listening");
  const fixed = createFixedPolicies(policies);
  edge = createEdge("payments", "bank", `http://127.0.0.1:${(server.address() as AddressInfo).port}`, fixed);
  return fixed;
}
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => "answered",
    (error) => error.failure,
  );
const attributes = () => recorded.spans().map(({ name, attributes }) => ({ name, ...attributes }));

beforeEach(() => {
  answer = ok;
  received = 0;
  recorded = recordSpans();
});
afterEach(async () => {
  edge.close();
  recorded.end();
  server.closeAllConnections();
  server.close();
  if (server.listening) await once(server, "close");
});

test("sends JSON and gives status and body back, also of a 4xx", async () => {
  await connect({});
  let sent = "";
  answer = (request, response) => {
    request.on("data", (chunk) => {
      sent += chunk;
    });
    request.on("end", () => response.writeHead(409).end('{"message":"no"}'));
  };
  const call = edge.call({ method: "POST", path: "/authorize", body: { amountCents: 5 } });
  expect(await call).toEqual({ status: 409, body: { message: "no" } });
  expect(JSON.parse(sent)).toEqual({ amountCents: 5 });
});

test("a 5xx is a failure, a closed port and a broken connection are unreachable", async () => {
  await connect({});
  answer = (_request, response) => response.writeHead(500).end();
  expect(await failureOf(edge.call(get))).toBe("failed");
  answer = (request) => request.socket.destroy();
  expect(await failureOf(edge.call(get))).toBe("unreachable");
  answer = (request, response) => {
    response.writeHead(200, { "content-length": 100 }).write("half of it");
    setImmediate(() => request.socket.destroy());
  };
  expect(await failureOf(edge.call(get))).toBe("unreachable");
  server.closeAllConnections();
  server.close();
  expect(await failureOf(edge.call(get))).toBe("unreachable");
});

test("gives up after the timeout, leaves a span that says so, and counts it as failure", async () => {
  await connect({ timeout: timeout(50), circuitBreaker: { ...demoSettings, minimumCalls: 1 } });
  answer = () => {};
  expect(await failureOf(edge.call(get))).toBe("timed_out");
  expect(attributes()).toEqual([
    { name: "call bank", "peer.service": "bank", "error.type": "timed_out", "timeout.duration": 50 },
  ]);
  expect(await failureOf(edge.call(get))).toBe("refused");
});

test("a changed timeout holds for the next call", async () => {
  const policies = await connect({ timeout: timeout(5_000) });
  answer = () => {};
  policies.set({ timeout: timeout(20) });
  expect(await failureOf(edge.call(get))).toBe("timed_out");
});

test("a timeout that is switched on also ends the calls that wait already", async () => {
  const policies = await connect({});
  answer = () => {};
  const call = failureOf(edge.call(get));
  await vi.waitFor(() => expect(received).toBe(1));
  policies.set({ timeout: timeout(20) });
  expect(await call).toBe("timed_out");
});

test("an open breaker refuses at once, without a request, with a span that says so", async () => {
  await connect({ circuitBreaker: { ...demoSettings, minimumCalls: 2 } });
  answer = (_request, response) => response.writeHead(503).end();
  expect([await failureOf(edge.call(get)), await failureOf(edge.call(get))]).toEqual(["failed", "failed"]);
  expect(await failureOf(edge.call(get))).toBe("refused");
  expect(received).toBe(2);
  expect(attributes()).toEqual([
    {
      name: "call bank",
      "peer.service": "bank",
      "error.type": "refused",
      "circuitbreaker.name": "payments->bank",
      "circuitbreaker.state": "open",
    },
  ]);
});

test("the breaker obeys a changed mode at once", async () => {
  const policies = await connect({ circuitBreaker: { ...demoSettings, mode: "forced_open" } });
  expect(await failureOf(edge.call(get))).toBe("refused");
  policies.set({ circuitBreaker: { ...demoSettings, mode: "disabled" } });
  expect(await failureOf(edge.call(get))).toBe("answered");
});

test("a full bulkhead rejects, and the breaker does not count it", async () => {
  await connect({
    bulkhead: { enabled: true, maxConcurrent: 1, maxWaiting: 1 },
    circuitBreaker: { ...demoSettings, minimumCalls: 1 },
  });
  const gate = Promise.withResolvers<void>();
  answer = async (_request, response) => {
    await gate.promise;
    response.end();
  };
  const inside = [edge.call(get), edge.call(get)];
  for (let i = 0; i < 5; i++) expect(await failureOf(edge.call(get))).toBe("rejected");
  expect(attributes()[0]).toEqual({
    name: "call bank",
    "peer.service": "bank",
    "error.type": "rejected",
    "bulkhead.rejected": true,
  });
  gate.resolve();
  expect((await Promise.all(inside)).map(({ status }) => status)).toEqual([200, 200]);
  expect(await failureOf(edge.call(get))).toBe("answered");
});

test("a call that its caller gave up while it waited for the bulkhead is cancelled", async () => {
  await connect({ bulkhead: { enabled: true, maxConcurrent: 1, maxWaiting: 1 } });
  const gate = Promise.withResolvers<void>();
  answer = async (_request, response) => {
    await gate.promise;
    response.end();
  };
  const controller = new AbortController();
  const inside = edge.call(get);
  const waiting = failureOf(edge.call({ ...get, signal: controller.signal }));
  controller.abort();
  gate.resolve();
  expect([(await inside).status, await waiting, received]).toEqual([200, "cancelled", 1]);
});

test("a call that its caller gave up is not counted", async () => {
  await connect({ circuitBreaker: { ...demoSettings, minimumCalls: 1 } });
  answer = () => {};
  const controller = new AbortController();
  const call = failureOf(edge.call({ ...get, signal: controller.signal }));
  await vi.waitFor(() => expect(received).toBe(1));
  controller.abort();
  expect(await call).toBe("cancelled");
  answer = ok;
  expect(await failureOf(edge.call(get))).toBe("answered");
});

test("the fallback stands in only while its policy is on", async () => {
  const policies = await connect({ fallback: { enabled: true } });
  answer = (_request, response) => response.writeHead(500).end();
  const ask = () =>
    edge.withFallback<unknown>(
      () => edge.call(get),
      () => "stale",
    );
  expect(await ask()).toBe("stale");
  policies.set({ fallback: { enabled: false } });
  await expect(ask()).rejects.toThrow("bank answered 500");
});

const retry = (maxAttempts: number, budgetPercent = 100) => ({
  enabled: true,
  maxAttempts,
  backoffMs: 0,
  budgetPercent,
});

test("a retried call is the same request again, with the same key, and each attempt is counted by the breaker", async () => {
  await connect({ retry: retry(3), circuitBreaker: { ...demoSettings, minimumCalls: 3 } });
  const keys: unknown[] = [];
  answer = (request, response) => {
    keys.push(request.headers["idempotency-key"]);
    response.writeHead(keys.length < 3 ? 503 : 200).end();
  };
  await trace.getTracer("test").startActiveSpan("checkout", async (span) => {
    expect((await edge.call({ method: "POST", path: "/", idempotencyKey: "one" })).status).toBe(200);
    span.end();
  });
  expect(keys).toEqual(["one", "one", "one"]);
  expect(recorded.spans()[0]?.events.map(({ name, attributes }) => [name, attributes?.["retry.attempt"]])).toEqual([
    ["retry", 2],
    ["retry", 3],
  ]);
  expect(await failureOf(edge.call(get))).toBe("refused");
});

test.each<[string, Answer, string, number]>([
  ["5xx is tried again", (_request, response) => response.writeHead(500).end(), "failed", 3],
  ["a broken connection is tried again", (request) => request.socket.destroy(), "unreachable", 3],
  ["4xx is an answer", (_request, response) => response.writeHead(409).end(), "answered", 1],
])("%s", async (_name, giveAnswer, failure, attempts) => {
  await connect({ retry: retry(3) });
  answer = giveAnswer;
  expect([await failureOf(edge.call(get)), received]).toEqual([failure, attempts]);
});

test("what our breaker or bulkhead refuses is not tried again", async () => {
  await connect({ retry: retry(9), circuitBreaker: { ...demoSettings, mode: "forced_open" } });
  expect(await failureOf(edge.call(get))).toBe("refused");
  expect(attributes()).toMatchObject([{ "error.type": "refused", "retry.attempt": 1 }]);
});

test("the retry budget bounds what a callee that is down gets on top", async () => {
  await connect({ retry: retry(3, 10) });
  answer = (_request, response) => response.writeHead(500).end();
  for (let n = 0; n < 50; n++) await failureOf(edge.call(get));
  expect(received).toBe(55);
});

test("passes on how long it waits, or what its own caller leaves when that is less, and waits no longer", async () => {
  const policies = await connect({ timeout: timeout(5_000) });
  const told: unknown[] = [];
  answer = (request, response) => {
    told.push(request.headers["x-deadline-ms"]);
    response.end();
  };
  await edge.call(get);
  policies.setComponent({ deadlines: { enabled: true } });
  await edge.call(get);
  await workUntil(performance.now() + 1_000, () => edge.call(get));
  expect(told.slice(0, 2)).toEqual([undefined, "5000"]);
  expect(Number(told[2])).toBeGreaterThan(500);
  expect(Number(told[2])).toBeLessThanOrEqual(1_000);

  answer = () => {};
  expect(await workUntil(performance.now() + 30, () => failureOf(edge.call(get)))).toBe("timed_out");
});

test("asks nobody when no time is left", async () => {
  const policies = await connect({});
  policies.setComponent({ deadlines: { enabled: true } });
  const until = performance.now() + 10;
  await workUntil(until, async () => {
    await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(until));
    expect(await failureOf(edge.call(get))).toBe("timed_out");
  });
  expect(received).toBe(0);
});
