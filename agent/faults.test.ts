import { afterEach, beforeEach, describe, expect, type Mock, test, vi } from "vitest";
import { type AgentEvent, type AgentFault, type AgentFlagFault, agentFault } from "#contract/agent-api.ts";
import { DEAD_MAN_MS, type FlagFault } from "#contract/faults.ts";
import { createEdgeListener } from "./edge-listener.ts";
import type { Edges } from "./edges.ts";
import { createFaults } from "./faults.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const toFault = (fault: Partial<AgentFault>): AgentFault =>
  agentFault.parse({ id: "f1", edge: "a->b", type: "latency", attributes: { latency: 100 }, leaseMs: 5_000, ...fault });

/** Faults on two edges without listeners, so that no real socket meets the fake clock. */
function start() {
  const upstream = "127.0.0.1:1";
  const listeners = new Map(
    ["a->b", "a->c"].map((id) => [id, createEdgeListener({ id, listen: "127.0.0.1:0", upstream, protocol: "tcp" })]),
  );
  const edges = { get: (id: string) => listeners.get(id) } as Edges;
  const told: string[] = [];
  const policies = { setFlags: vi.fn((_flags: ReadonlyMap<string, FlagFault[]>) => {}) };
  const faults = createFaults(edges, policies, (event: Extract<AgentEvent, { type: "fault" }>) => {
    told.push(`${event.id} ${event.state} ${event.cause}`);
  });
  const onEdge = (id: string) => listeners.get(id)?.toxics.map((toxic) => toxic.id);
  return { faults, listeners, policies, told, onEdge };
}

describe("a fault", () => {
  test("holds until its lease is over, and is then dropped by the agent alone", async () => {
    const { faults, told, onEdge } = start();
    const state = await faults.add(toFault({}));
    expect(state).toMatchObject({
      startedAt: Date.now(),
      expiresAt: Date.now() + 5_000,
      attributes: { latency: 100, jitter: 0 },
    });
    await vi.advanceTimersByTimeAsync(4_999);
    expect([faults.list().length, onEdge("a->b")]).toEqual([1, ["f1"]]);
    await vi.advanceTimersByTimeAsync(1);
    expect([faults.list(), onEdge("a->b")]).toEqual([[], []]);
    expect(told).toEqual(["f1 active asked", "f1 removed expired"]);
  });

  test("gets new attributes without a new lease, and a new lease from now", async () => {
    const { faults, listeners } = start();
    const { startedAt, expiresAt } = await faults.add(toFault({}));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await faults.update("f1", { attributes: { jitter: 5 } })).toMatchObject({ startedAt, expiresAt });
    expect(listeners.get("a->b")?.toxics[0]?.settings).toEqual({ latency: 100, jitter: 5 });
    expect(await faults.update("f1", { leaseMs: 9_000 })).toMatchObject({ startedAt, expiresAt: Date.now() + 9_000 });
    await vi.advanceTimersByTimeAsync(8_999);
    expect(faults.list()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(faults.list()).toEqual([]);
  });

  test("is removed when asked, once", async () => {
    const { faults, told, onEdge } = start();
    await faults.add(toFault({}));
    await faults.remove("f1");
    expect(onEdge("a->b")).toEqual([]);
    await expect(faults.remove("f1")).rejects.toMatchObject({ code: "not_found" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual(["f1 active asked", "f1 removed asked"]);
  });

  test("is swept when its edge is gone", async () => {
    const { faults, listeners } = start();
    await faults.add(toFault({ id: "f1" }));
    await faults.add(toFault({ id: "f2", edge: "a->c" }));
    listeners.delete("a->b");
    await faults.sweep();
    expect(faults.list().map(({ id }) => id)).toEqual(["f2"]);
  });

  test.each([
    ["an edge that nobody listens on", { edge: "x->y" }, "not_found"],
    ["an id that holds already", { id: "held" }, "conflict"],
    ["attributes of another toxic", { attributes: { timeout: 5 } }, "bad_request"],
    ["a rate for the whole listener", { type: "down", attributes: {}, rate: 0.5 }, "unsupported"],
  ] as const)("is refused for %s", async (_name, fault, code) => {
    const { faults, onEdge } = start();
    await faults.add(toFault({ id: "held" }));
    await expect(faults.add(toFault({ ...fault }))).rejects.toMatchObject({ code });
    expect(onEdge("a->b")).toEqual(["held"]);
  });

  test("is one of a limited number", async () => {
    const { faults } = start();
    for (let i = 0; i < 100; i++) await faults.add(toFault({ id: `f${i}` }));
    await expect(faults.add(toFault({ id: "more" }))).rejects.toMatchObject({ code: "too_many" });
  });
});

describe("a fault flag", () => {
  const flag = (more: Partial<AgentFlagFault> = {}): AgentFault =>
    agentFault.parse({
      id: "f1",
      component: "rabbitmq",
      components: ["a", "b"],
      type: "duplicate_delivery",
      attributes: {},
      rate: 0.5,
      leaseMs: 5_000,
      ...more,
    });
  const told = (policies: { setFlags: Mock<(flags: ReadonlyMap<string, FlagFault[]>) => void> }) =>
    [...(policies.setFlags.mock.lastCall?.[0] ?? [])].map(([name, flags]) => `${name}: ${flags.map(({ id }) => id)}`);

  test("is told to all it is for, until its lease is over", async () => {
    const { faults, policies } = start();
    await faults.add(flag());
    await faults.add(flag({ id: "f2", component: "a", components: ["a"], type: "consumer_paused", rate: 1 }));
    expect(told(policies)).toEqual(["a: f1,f2", "b: f1"]);
    await faults.remove("f2");
    expect(told(policies)).toEqual(["a: f1", "b: f1"]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told(policies)).toEqual([]);
    expect(faults.list()).toEqual([]);
  });

  test("is dropped by the dead-man switch, and outlives the edges", async () => {
    const { faults, policies } = start();
    await faults.add(flag({ leaseMs: 60_000 }));
    await faults.sweep();
    expect(faults.list()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(DEAD_MAN_MS);
    expect(told(policies)).toEqual([]);
  });

  test("is told again when it is changed", async () => {
    const { faults, policies } = start();
    await faults.add(flag({ type: "load_burst", components: ["a"], attributes: {}, rate: 1 }));
    await faults.update("f1", { attributes: { factor: 6 } });
    expect(policies.setFlags.mock.lastCall?.[0].get("a")).toEqual([
      { id: "f1", type: "load_burst", attributes: { factor: 6 }, rate: 1 },
    ]);
  });

  test("with attributes of another is refused", async () => {
    const { faults, policies } = start();
    await expect(faults.add(flag({ attributes: { factor: 2 } }))).rejects.toMatchObject({ code: "bad_request" });
    expect(policies.setFlags).not.toHaveBeenCalled();
  });
});

test("an HTTP fault is refused on an edge that speaks something else, and with attributes that it does not have", async () => {
  const { faults } = start();
  const error = toFault({ type: "http_error", attributes: { status: 503 } });
  await expect(faults.add(error)).rejects.toMatchObject({
    code: "unsupported",
    message: "http_error acts on HTTP requests, and a->b speaks tcp.",
  });
  await expect(faults.add({ ...error, attributes: { status: 200 } })).rejects.toMatchObject({ code: "bad_request" });
  expect(faults.list()).toEqual([]);
});

describe("the dead-man switch", () => {
  test("drops every fault when no heartbeat comes", async () => {
    const { faults, told } = start();
    await faults.add(toFault({ id: "f1", leaseMs: 60_000 }));
    await faults.add(toFault({ id: "f2", leaseMs: 60_000, edge: "a->c" }));
    await vi.advanceTimersByTimeAsync(DEAD_MAN_MS - 1);
    faults.heartbeat();
    await vi.advanceTimersByTimeAsync(DEAD_MAN_MS - 1);
    expect(faults.list()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(faults.list()).toEqual([]);
    expect(told.slice(2)).toEqual(["f1 removed dead_man", "f2 removed dead_man"]);
  });

  test("leaves no timer behind when closed", async () => {
    const { faults } = start();
    await faults.add(toFault({}));
    faults.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
