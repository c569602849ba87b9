import http from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { CallError, type CallFailure } from "./calls/call-error.ts";
import { timeLeftMs } from "./deadline.ts";
import { createHttpServer, HttpError, poolOf } from "./http-server.ts";
import { createFixedPolicies } from "./testing/fixed-policies.ts";

let server: ReturnType<typeof createHttpServer>;
afterEach(() => server.close());
const capacity = { workers: 1, serviceTimeMs: 0 };

test("answers /live and /ready while every worker is held", async () => {
  server = createHttpServer({ capacity: () => capacity });
  const gate = Promise.withResolvers<object>();
  server.get("/slow", () => gate.promise);
  const held = server.inject("/slow").then((answer) => answer.statusCode);
  expect((await server.inject("/live")).statusCode).toBe(200);
  expect((await server.inject("/ready")).json()).toEqual({ ready: true, waitingFor: null });
  gate.resolve({});
  expect(await held).toBe(200);
});

test("/ready says what it waits for", async () => {
  const needs = [{ waitingFor: () => null }, { waitingFor: async () => "catalog-db" }];
  server = createHttpServer({ capacity: () => capacity, needs });
  const answer = await server.inject("/ready");
  expect([answer.statusCode, answer.json()]).toEqual([503, { ready: false, waitingFor: "catalog-db" }]);
});

test.each<[CallFailure, number]>([
  ["refused", 503],
  ["rejected", 503],
  ["timed_out", 504],
  ["unreachable", 502],
  ["failed", 502],
])("a call that was %s is answered with %i", async (failure, status) => {
  server = createHttpServer({ capacity: () => capacity });
  server.get("/", async () => {
    throw new CallError("bank", failure, `the bank: ${failure}`);
  });
  const answer = await server.inject("/");
  expect([answer.statusCode, answer.json().message]).toEqual([status, `the bank: ${failure}`]);
  expect(answer.headers["retry-after"]).toBe(status === 503 ? "1" : undefined);
});

test("refusals carry their status, bad input is 400", async () => {
  server = createHttpServer({ capacity: () => capacity });
  server.get("/missing", async () => {
    throw new HttpError(404, "nothing here");
  });
  server.get("/bad", async () => z.uuid().parse("x"));
  expect((await server.inject("/missing")).statusCode).toBe(404);
  expect((await server.inject("/bad")).statusCode).toBe(400);
});

test("turns requests away with 503 when too many wait", async () => {
  server = createHttpServer({ capacity: () => capacity });
  const gate = Promise.withResolvers<object>();
  server.get("/", () => gate.promise);
  const all = Array.from({ length: 502 }, () => server.inject("/"));
  const first = await Promise.race(all);
  expect([first.statusCode, first.headers["retry-after"]]).toEqual([503, "1"]);
  gate.resolve({});
  const statuses = (await Promise.all(all)).map((answer) => answer.statusCode);
  expect(statuses.filter((status) => status === 200)).toHaveLength(501);
});

const deadlinesOn = createFixedPolicies({}, { deadlines: { enabled: true } });

test("/audit and /reset are answered while every worker is held", async () => {
  server = createHttpServer({ capacity: () => capacity });
  const gate = Promise.withResolvers<object>();
  server.get("/slow", () => gate.promise);
  server.get("/audit", async () => ({ rows: 1 }));
  server.post("/reset", async () => ({ reset: true }));
  const held = server.inject("/slow").then((answer) => answer.statusCode);
  expect((await server.inject("/audit?since=1")).json()).toEqual({ rows: 1 });
  expect((await server.inject({ method: "POST", url: "/reset" })).json()).toEqual({ reset: true });
  gate.resolve({});
  await held;
});

test("a request whose deadline passes while it waits for a worker is answered 504, without work", async () => {
  server = createHttpServer({ capacity: () => capacity, policies: deadlinesOn });
  const gate = Promise.withResolvers<object>();
  let worked = 0;
  server.get("/slow", () => gate.promise);
  server.get("/", async () => {
    worked += 1;
    return {};
  });
  const held = server.inject("/slow").then((answer) => answer.statusCode);
  const late = server.inject({ url: "/", headers: { "x-deadline-ms": "20" } }).then((answer) => answer.statusCode);
  const patient = server
    .inject({ url: "/", headers: { "x-deadline-ms": "20000" } })
    .then((answer) => answer.statusCode);
  setTimeout(() => gate.resolve({}), 40);
  expect(await Promise.all([held, late, patient])).toEqual([200, 504, 200]);
  expect(worked).toBe(1);
});

test("without the deadlines policy the header means nothing", async () => {
  server = createHttpServer({ capacity: () => capacity, policies: createFixedPolicies({}) });
  server.get("/", async () => ({ left: timeLeftMs() ?? null }));
  const answer = await server.inject({ url: "/", headers: { "x-deadline-ms": "0" } });
  expect([answer.statusCode, answer.json()]).toEqual([200, { left: null }]);
});

test.each([true, false])(
  "with deadlines %s, work for callers who have gone is left undone, else it is done",
  async (enabled) => {
    server = createHttpServer({
      capacity: () => capacity,
      policies: createFixedPolicies({}, { deadlines: { enabled } }),
    });
    const gate = Promise.withResolvers<object>();
    let worked = 0;
    server.get("/slow", () => gate.promise);
    server.get("/", async () => {
      worked += 1;
      return {};
    });
    const url = await server.listen({ port: 0, host: "127.0.0.1" });
    const held = fetch(`${url}/slow`);
    await vi.waitFor(() => expect(poolOf(server).busy).toBe(1));
    const gone = new Set<unknown>();
    server.server.on("connection", (socket) => socket.once("close", () => gone.add(socket)));
    const impatient = http.get(`${url}/`, { agent: false });
    impatient.on("error", () => {});
    await vi.waitFor(() => expect(poolOf(server).waiting).toBe(1));
    impatient.destroy();
    await vi.waitFor(() => expect(gone.size).toBe(1));
    gate.resolve({});
    expect((await held).status).toBe(200);
    await vi.waitFor(() => expect([poolOf(server).busy, poolOf(server).waiting]).toEqual([0, 0]));
    expect(worked).toBe(enabled ? 0 : 1);
  },
);

test("others can take workers of the same pool", async () => {
  server = createHttpServer({ capacity: () => capacity });
  const gate = Promise.withResolvers<void>();
  const job = poolOf(server).run(() => gate.promise);
  server.get("/", async () => ({}));
  const answer = server.inject("/").then(() => poolOf(server).busy);
  await vi.waitFor(() => expect(poolOf(server).waiting).toBe(1));
  gate.resolve();
  await job;
  await answer;
});
