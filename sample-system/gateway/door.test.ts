import { once } from "node:events";
import http from "node:http";
import { context, trace } from "@opentelemetry/api";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createHttpServer } from "../kit/http-server.ts";
import type { ComponentPolicies } from "../kit/policies/schema.ts";
import { createFixedPolicies } from "../kit/testing/fixed-policies.ts";
import { recordSpans } from "../kit/testing/record-spans.ts";
import { type Door, guardDoor } from "./door.ts";
import { createTokens } from "./tokens.ts";

const tokens = createTokens("a secret of at least 32 characters");
const policies = createFixedPolicies({});
const authentication = { enabled: true };
let server: FastifyInstance;
let door: Door;
let url: string;
/** What /page waits for. */
let gate: PromiseWithResolvers<void>;
let begun: number;

beforeEach(async () => {
  gate = Promise.withResolvers();
  begun = 0;
  policies.setComponent({
    capacity: { workers: 2, serviceTimeMs: 0 },
    authentication,
    rateLimit: { enabled: false, ratePerSecond: 1, burst: 3 },
    loadShedding: { enabled: false, maxConcurrent: 3 },
  } satisfies ComponentPolicies);
  server = createHttpServer({ capacity: () => policies.component().capacity, policies });
  server.addHook("onRequest", (request, _reply, done) => {
    const span = trace.getTracer("test").startSpan(request.url);
    request.raw.once("close", () => span.end());
    context.with(trace.setSpan(context.active(), span), done);
  });
  void server.register(async (inside) => {
    door = guardDoor(inside, { policies, tokens });
    inside.get("/page", async () => {
      begun += 1;
      await gate.promise;
      return { page: true };
    });
  });
  url = await server.listen({ port: 0, host: "127.0.0.1" });
});
afterEach(async () => {
  gate.resolve();
  await server.close();
});

const agent = new http.Agent({ keepAlive: true, maxSockets: 300 });
async function get(client?: string, path = "/page") {
  const headers = client ? { authorization: `Bearer ${await tokens.issue(client)}` } : {};
  const begunAt = performance.now();
  const request = http.get(url + path, { headers, agent });
  const [answer] = (await once(request, "response")) as [http.IncomingMessage];
  const ms = performance.now() - begunAt;
  answer.resume();
  await once(answer, "end");
  return { status: answer.statusCode, headers: answer.headers, ms };
}
const limit = (burst: number) => policies.setComponent({ rateLimit: { enabled: true, ratePerSecond: 1, burst } });
const shed = (maxConcurrent: number) => policies.setComponent({ loadShedding: { enabled: true, maxConcurrent } });

test("without a valid token nobody gets in, except to the routes outside", async () => {
  gate.resolve();
  const refused = await get();
  expect([refused.status, refused.headers["www-authenticate"]]).toEqual([401, "Bearer"]);
  expect((await get("ann")).status).toBe(200);
  expect((await get(undefined, "/live")).status).toBe(200);
  policies.setComponent({ authentication: { enabled: false } });
  expect((await get()).status).toBe(200);
});

test("a client's excess is refused at once while every worker is held, and others wait as before", async () => {
  limit(3);
  const held = [get("ann"), get("ann"), get("ann")];
  await vi.waitFor(() => expect(begun).toBe(2));
  const excess = await Promise.all(Array.from({ length: 100 }, () => get("ann")));
  expect(new Set(excess.map(({ status }) => status))).toEqual(new Set([429]));
  expect(excess[0]?.headers["retry-after"]).toBe("1");
  const one = await get("ann");
  expect(one.status).toBe(429);
  const other = get("bob");
  gate.resolve();
  expect((await Promise.all([...held, other])).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
});

test("the refusal of one who comes alone takes far less than 20 ms", async () => {
  limit(1);
  gate.resolve();
  await get("ann");
  const took = [];
  for (let n = 0; n < 50; n++) took.push((await get("ann")).ms);
  const median = took.sort((a, b) => a - b)[25];
  expect(median).toBeLessThan(20);
});

test("the span says what the limiter decided", async () => {
  const recorded = recordSpans();
  gate.resolve();
  await get("ann");
  limit(1);
  await get("bob");
  await get("bob");
  const results = () => recorded.spans().map(({ attributes }) => attributes["ratelimiter.result"]);
  await vi.waitFor(() => expect(results()).toEqual([undefined, "accepted", "limited"]));
  recorded.end();
});

test("after a reset nobody has asked yet", async () => {
  limit(1);
  gate.resolve();
  await get("ann");
  expect((await get("ann")).status).toBe(429);
  door.reset();
  expect((await get("ann")).status).toBe(200);
});

test("without tokens a client is known by its address", async () => {
  policies.setComponent({ authentication: { enabled: false } });
  limit(2);
  gate.resolve();
  expect([(await get()).status, (await get()).status, (await get()).status]).toEqual([200, 200, 429]);
  expect((await get("ann")).status).toBe(200);
});

test("with so many in work the next is turned away at once; when one is done the next is let in", async () => {
  shed(3);
  const held = [get("ann"), get("bob"), get("cid")];
  await vi.waitFor(() => expect(begun).toBe(2));
  const late = await get("dan");
  expect([late.status, late.headers["retry-after"]]).toEqual([503, "1"]);
  gate.resolve();
  expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await get("dan")).status).toBe(200);
});

test("who goes away without an answer makes room too", async () => {
  shed(1);
  const headers = { authorization: `Bearer ${await tokens.issue("ann")}` };
  const impatient = http.get(`${url}/page`, { headers }).on("error", () => {});
  await vi.waitFor(() => expect(begun).toBe(1));
  expect((await get("bob")).status).toBe(503);
  impatient.destroy();
  gate.resolve();
  await vi.waitFor(async () => expect((await get("bob")).status).toBe(200));
});

test("who is over the limit takes no place of those in work", async () => {
  limit(1);
  shed(2);
  const held = get("ann");
  await vi.waitFor(() => expect(begun).toBe(1));
  for (let n = 0; n < 10; n++) expect((await get("ann")).status).toBe(429);
  const second = get("bob");
  await vi.waitFor(() => expect(begun).toBe(2));
  gate.resolve();
  expect([(await held).status, (await second).status]).toEqual([200, 200]);
});
