import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SpanKind, trace } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { demoSettings } from "../../circuit-breaker/demo-settings.fixture.ts";
import { timeLeftMs } from "../../deadline.ts";
import { HttpError } from "../../http-server.ts";
import type { EdgePolicies } from "../../policies/schema.ts";
import { createFixedPolicies } from "../../testing/fixed-policies.ts";
import { recordSpans } from "../../testing/record-spans.ts";
import { createWorkerPool, type WorkerPool } from "../../worker-pool.ts";
import { createGrpcEdge, type GrpcEdge } from "./grpc-edge.ts";
import { createGrpcServer, type GrpcHandlers, type GrpcServer } from "./grpc-server.ts";
import { createLocalGrpc } from "./local-grpc.ts";
import { type GrpcService, loadGrpcService } from "./service.ts";

const proto = `syntax = "proto3";
package test.v1;
service Shelf { rpc Count(Question) returns (Answer); }
message Question { repeated string skus = 1; }
message Answer { int32 item_count = 1; repeated string names = 2; }`;

let folder: string;
let service: GrpcService;
let server: GrpcServer;
let edge: GrpcEdge;
let port: number;
let recorded: ReturnType<typeof recordSpans>;
const pool = createWorkerPool(() => ({ workers: 2, serviceTimeMs: 0 }));
let count: GrpcHandlers[string];
const handlers: GrpcHandlers = { Count: (message) => count(message) };
const deadlinesOn = createFixedPolicies({}, { deadlines: { enabled: true } });
let wanted: ((() => boolean) | undefined)[];
/** The pool, with what it is told of whether its jobs are still wanted. */
const watchedPool: WorkerPool = {
  ...pool,
  run(job, isWanted) {
    wanted.push(isWanted);
    return pool.run(job, isWanted);
  },
};
const start = () => createGrpcServer({ service, handlers, pool: watchedPool, policies: deadlinesOn });
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => "answered",
    (error) => error.failure ?? error.name,
  );

function connect(policies: EdgePolicies = {}) {
  const fixed = createFixedPolicies(policies);
  edge = createGrpcEdge("gateway", "inventory", `grpc://127.0.0.1:${port}`, fixed, service);
  return fixed;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "grpc-test-"));
  writeFileSync(join(folder, "shelf.proto"), proto);
  service = loadGrpcService(pathToFileURL(join(folder, "shelf.proto")), "test.v1.Shelf");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  recorded = recordSpans();
  wanted = [];
  count = async () => ({ itemCount: 7 });
  server = start();
  port = await server.listen(0);
});
afterEach(async () => {
  edge.close();
  await server.close();
  recorded.end();
});

test("a call is answered in the trace of its caller, with a span on both sides", async () => {
  connect();
  let traceId: string | undefined;
  count = async (message) => {
    traceId = trace.getActiveSpan()?.spanContext().traceId;
    return { itemCount: (message as { skus: string[] }).skus.length };
  };
  await trace.getTracer("test").startActiveSpan("home", async (span) => {
    expect(await edge.call("Count", { skus: ["milk", "bread"] })).toEqual({ itemCount: 2, names: [] });
    expect(traceId).toBe(span.spanContext().traceId);
    span.end();
  });
  const [serverSpan, clientSpan] = recorded.spans();
  const rpc = {
    "rpc.system": "grpc",
    "rpc.service": "test.v1.Shelf",
    "rpc.method": "Count",
    "rpc.grpc.status_code": 0,
  };
  expect(serverSpan).toMatchObject({ name: "test.v1.Shelf/Count", kind: SpanKind.SERVER, attributes: rpc });
  expect(clientSpan).toMatchObject({
    name: "test.v1.Shelf/Count",
    kind: SpanKind.CLIENT,
    attributes: { ...rpc, "peer.service": "inventory", "server.address": "127.0.0.1", "server.port": port },
  });
  expect(serverSpan?.parentSpanContext?.spanId).toBe(clientSpan?.spanContext().spanId);
});

test.each<[string, Error, string]>([
  ["a refusal", new HttpError(404, "no such product"), "GrpcRefusal"],
  ["a failure", new Error("the database is down"), "failed"],
  ["an overloaded callee", new HttpError(503, "too much"), "failed"],
])("%s is told from the others", async (_name, error, failure) => {
  connect();
  count = async () => {
    throw error;
  };
  expect(await failureOf(edge.call("Count", {}))).toBe(failure);
});

test("a refusal is no failure to the breaker; a failure is, and the breaker opens", async () => {
  connect({ circuitBreaker: { ...demoSettings, minimumCalls: 1 } });
  count = async () => {
    throw new HttpError(404, "no such product");
  };
  for (let n = 0; n < 3; n++) expect(await failureOf(edge.call("Count", {}))).toBe("GrpcRefusal");
  count = async () => {
    throw new Error("broken");
  };
  for (let n = 0; n < 3; n++) expect(await failureOf(edge.call("Count", {}))).toBe("failed");
  expect(await failureOf(edge.call("Count", {}))).toBe("refused");
});

test("a callee that hangs is given up after the timeout, and its worker is told how long it may take", async () => {
  connect({ timeout: { enabled: true, timeoutMs: 60 } });
  let left: number | undefined;
  const gate = Promise.withResolvers<object>();
  count = () => {
    left = timeLeftMs();
    return gate.promise;
  };
  expect(await failureOf(edge.call("Count", {}))).toBe("timed_out");
  expect(left).toBeLessThanOrEqual(60);
  gate.resolve({});
});

test("a call that was given up while it waited for a worker is not begun", async () => {
  const policies = connect();
  const gate = Promise.withResolvers<object>();
  let begun = 0;
  count = () => {
    begun += 1;
    return gate.promise;
  };
  const calls = [1, 2, 3].map(() => failureOf(edge.call("Count", {})));
  await vi.waitFor(() => expect([begun, pool.waiting]).toEqual([2, 1]));
  policies.set({ timeout: { enabled: true, timeoutMs: 10 } });
  expect(await Promise.all(calls)).toEqual(["timed_out", "timed_out", "timed_out"]);
  await vi.waitFor(() => expect(wanted.map((isWanted) => isWanted?.())).toEqual([false, false, false]));
  gate.resolve({});
  await vi.waitFor(() => expect([pool.busy, pool.waiting]).toEqual([0, 0]));
  expect(begun).toBe(2);
});

test("without a callee a call fails at once; when it is back, calls succeed within seconds", async () => {
  connect();
  await edge.call("Count", {});
  expect(await edge.waitingFor()).toBe(null);
  await server.close();
  expect(await failureOf(edge.call("Count", {}))).toBe("unreachable");
  server = start();
  await server.listen(port);
  await vi.waitFor(() => edge.call("Count", {}), { timeout: 5_000 });
});

test("a closing server lets the calls end that have begun", async () => {
  connect();
  const gate = Promise.withResolvers<object>();
  count = () => gate.promise;
  const call = edge.call("Count", {});
  await vi.waitFor(() => expect(pool.busy).toBe(1));
  const closed = server.close();
  gate.resolve({ itemCount: 1 });
  expect(await call).toMatchObject({ itemCount: 1 });
  await closed;
});

test("within one process the same edge asks the module's handlers", async () => {
  const local = createLocalGrpc("inventory", handlers, pool);
  edge = createGrpcEdge("gateway", "inventory", local, createFixedPolicies({}), service);
  expect(await edge.call("Count", {})).toEqual({ itemCount: 7 });
  expect(recorded.spans()[0]).toMatchObject({ name: "call inventory", kind: SpanKind.INTERNAL });
});
