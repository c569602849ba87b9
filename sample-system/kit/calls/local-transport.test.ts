import { SpanKind, trace } from "@opentelemetry/api";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createHttpServer } from "../http-server.ts";
import type { EdgePolicies } from "../policies/schema.ts";
import { createFixedPolicies } from "../testing/fixed-policies.ts";
import { recordSpans } from "../testing/record-spans.ts";
import { createEdge } from "./call-edge.ts";
import { createLocalTransport } from "./local-transport.ts";

let server: FastifyInstance;
let recorded: ReturnType<typeof recordSpans>;
beforeEach(() => {
  recorded = recordSpans();
  server = createHttpServer({ capacity: () => ({ workers: 1, serviceTimeMs: 0 }) });
});
afterEach(async () => {
  recorded.end();
  await server.close();
});
const connect = (policies: EdgePolicies = {}) =>
  createEdge("ordering", "catalog", createLocalTransport(server, "catalog"), createFixedPolicies(policies));

test("answers as over HTTP: status, body, key", async () => {
  server.post("/orders", async (request, reply) =>
    reply.status(202).send({ body: request.body, key: request.headers["idempotency-key"] }),
  );
  const edge = connect();
  expect(await edge.call({ method: "POST", path: "/orders", body: { sku: "milk" }, idempotencyKey: "one" })).toEqual({
    status: 202,
    body: { body: { sku: "milk" }, key: "one" },
  });
  expect((await edge.call({ method: "GET", path: "/nowhere" })).status).toBe(404);
  expect(await edge.waitingFor()).toBe(null);
  edge.close();
});

test("the module works in the caller's trace, below a span that names it", async () => {
  server.get("/products", async () => ({ traceId: trace.getActiveSpan()?.spanContext().traceId }));
  const edge = connect();
  await trace.getTracer("test").startActiveSpan("checkout", async (span) => {
    const { body } = await edge.call({ method: "GET", path: "/products", template: "/products" });
    expect(body).toEqual({ traceId: span.spanContext().traceId });
    span.end();
  });
  expect(recorded.spans().map(({ name, kind, attributes }) => ({ name, kind, ...attributes }))[0]).toEqual({
    name: "call catalog",
    kind: SpanKind.INTERNAL,
    "module.name": "catalog",
    "http.request.method": "GET",
    "url.template": "/products",
    "http.response.status_code": 200,
  });
  edge.close();
});

test("the edge's policies hold: a module that hangs is given up", async () => {
  server.get("/slow", () => new Promise(() => {}));
  const edge = connect({ timeout: { enabled: true, timeoutMs: 20 } });
  await expect(edge.call({ method: "GET", path: "/slow" })).rejects.toThrow("catalog did not answer within 20 ms");
  edge.close();
});
