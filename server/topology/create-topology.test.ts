import { describe, expect, test } from "vitest";
import type { Fault } from "#contract/faults.ts";
import { type Delta, EVENT_LIMIT, snapshot as snapshotSchema } from "#contract/state.ts";
import { aSpan } from "../telemetry/span.fixture.ts";
import { aBreaker, anEdge, aService, aSystem, createScene, someStats, T0 } from "./topology.fixture.ts";

const fault: Fault = {
  id: "f1",
  type: "latency",
  target: { edge: "gateway->ordering" },
  attributes: { latency: 3_000 },
  rate: 1,
  state: "pending",
  startedAt: T0,
  expiresAt: T0 + 60_000,
  owner: "you",
};

describe("the picture", () => {
  test("shows every component and edge, waiting and idle, as soon as the system is loaded", () => {
    const { components, edges, user } = createScene().look();
    expect(Object.keys(components)).toEqual(["load", "gateway", "ordering", "ordering-db", "rabbitmq"]);
    expect(Object.values(components).map(({ state, health }) => `${state} ${health}`)).toEqual(
      Array(5).fill("waiting idle"),
    );
    expect(Object.values(edges).map(({ health }) => health)).toEqual(Array(4).fill("idle"));
    expect(user).toEqual({ successRatio: null, p95Ms: null, ratePerSecond: 0 });
  });

  test("is the contract's snapshot, whatever has happened", () => {
    const scene = createScene();
    scene.allRun();
    scene.calmFor(12);
    scene.topology.onBreaker("gateway", "ordering", aBreaker("open", scene.now(), { openUntil: scene.now() + 6_000 }));
    scene.topology.setFaults([fault]);
    scene.topology.setPolicies({
      edges: { "gateway->ordering": { timeout: { enabled: true, timeoutMs: 800 } } },
      components: { load: { load: { ratePerSecond: 20 } } },
    });
    scene.topology.onRuntimeEvent({
      type: "stats",
      component: "gateway",
      at: T0,
      cpuRatio: 0.1234,
      memoryBytes: 50_000_123,
    });
    scene.state("ordering-db", "killed", 137);
    const picture = scene.look();
    expect(() => snapshotSchema.parse(picture)).not.toThrow();
    expect(snapshotSchema.parse(picture)).toEqual(picture);
  });

  test("a second system replaces the first", () => {
    const scene = createScene();
    scene.look();
    scene.topology.load(aSystem([aService("gateway"), aService("b")], [anEdge("gateway", "b")]));
    const delta = scene.topology.takeDelta();
    expect(delta?.components).toMatchObject({ load: null, b: { state: "waiting" } });
    expect(delta?.edges).toMatchObject({ "load->gateway": null, "gateway->b": { health: "idle" } });
  });
});

describe("traffic", () => {
  test("on HTTP edges is what the agent counted", () => {
    const scene = createScene();
    scene.allRun();
    scene.calmFor(6);
    expect(scene.look().edges["gateway->ordering"]).toMatchObject({
      ratePerSecond: 10,
      errorRatio: 0,
      p50Ms: expect.closeTo(20, 0),
      p95Ms: expect.closeTo(20, 0),
      health: "ok",
      openConnections: 1,
    });
    expect(scene.look().user).toMatchObject({ successRatio: 1, ratePerSecond: expect.closeTo(10, 0) });
  });

  test("5xx, requests without an answer and refused connections are errors; 4xx are not", () => {
    const scene = createScene();
    scene.allRun();
    scene.topology.onEdgeStats(T0, [
      someStats("gateway->ordering", {
        requests: 18,
        serverErrors: 1,
        unanswered: 2,
        clientErrors: 1,
        connectErrors: 2,
      }),
    ]);
    expect(scene.look().edges["gateway->ordering"]).toMatchObject({
      errorRatio: 0.25,
      health: "failing",
      reason: "25 % failed (5 of 20)",
    });
  });

  test("of users: who is refused is neither served nor failed, and hides no failure", () => {
    const scene = createScene();
    scene.allRun();
    scene.topology.onEdgeStats(T0, [someStats("load->gateway", { requests: 100, clientErrors: 80, serverErrors: 5 })]);
    expect(scene.look().user).toMatchObject({ successRatio: 0.75, refusedRatio: 0.8 });
    const refused = createScene();
    refused.allRun();
    refused.topology.onEdgeStats(T0, [someStats("load->gateway", { requests: 10, clientErrors: 10 })]);
    expect(refused.look().user).toMatchObject({ successRatio: null, refusedRatio: 1 });
  });

  test("towards a component that comes up for the first time counts only when that takes too long", () => {
    const scene = createScene();
    const refusedConnections = () => {
      scene.topology.onEdgeStats(scene.now(), [someStats("load->gateway", { connectErrors: 4 })]);
      return scene.look().user.successRatio;
    };
    scene.state("gateway", "starting");
    expect(refusedConnections()).toBeNull();
    scene.wait(60_000);
    expect(refusedConnections()).toBe(0);
  });

  test("towards a component that is started again counts", () => {
    const scene = createScene();
    scene.allRun();
    scene.state("gateway", "killed", 137);
    scene.state("gateway", "starting");
    scene.topology.onEdgeStats(scene.now(), [someStats("load->gateway", { connectErrors: 4 })]);
    expect(scene.look().user.successRatio).toBe(0);
  });

  test("calls that the agent's closed listener refused are known from their spans alone", () => {
    const scene = createScene();
    scene.allRun();
    scene.calmFor(6);
    const refused = { service: "gateway", kind: "client" as const, status: "error" as const, startMs: scene.now() };
    const where = { "server.address": "agent", "server.port": 20_001 };
    scene.topology.onSpans([
      aSpan({ ...refused, attributes: where, statusMessage: "connect ECONNREFUSED" }),
      // The agent has counted this one itself.
      aSpan({ ...refused, attributes: { ...where, "http.response.status_code": 503 } }),
    ]);
    expect(scene.look().edges["gateway->ordering"]).toMatchObject({
      health: "degraded",
      reason: expect.stringContaining("(1 of "),
    });
  });

  test("on other edges is what the caller's spans tell, and a refused connection is a failure", () => {
    const scene = createScene();
    scene.allRun();
    scene.wait(1_000);
    const query = {
      service: "ordering",
      kind: "client" as const,
      attributes: { "db.system.name": "postgresql", "db.query.text": "SELECT 1" },
    };
    const span = (durationMs: number) => aSpan({ ...query, startMs: scene.now() - 500, durationMs });
    scene.topology.onSpans([
      span(2),
      span(2),
      span(4),
      aSpan({
        ...query,
        name: "pg-pool.connect",
        attributes: { "db.system.name": "postgresql" },
        startMs: scene.now() - 500,
      }),
    ]);
    scene.wait(1_000);
    expect(scene.look().edges["ordering->ordering-db"]).toMatchObject({
      ratePerSecond: 1.5,
      p95Ms: expect.closeTo(4, 0),
      health: "ok",
    });
    scene.topology.onEdgeStats(scene.now(), [someStats("ordering->ordering-db", { connections: 1, connectErrors: 1 })]);
    expect(scene.look().edges["ordering->ordering-db"]).toMatchObject({
      errorRatio: 0.25,
      reason: "25 % failed (1 of 4)",
    });
  });

  test("of messages comes from producers and consumers; a consumer's failure is its own, not its edge's", () => {
    const scene = createScene();
    scene.allRun();
    const attributes = { "messaging.system": "rabbitmq" };
    scene.topology.onSpans([
      aSpan({ service: "ordering", kind: "producer", attributes, startMs: T0 - 50 }),
      aSpan({ service: "ordering", kind: "consumer", attributes, startMs: T0 - 50, status: "error" }),
    ]);
    const { edges, components } = scene.look();
    expect(edges["ordering->rabbitmq"]).toMatchObject({ health: "ok", errorRatio: 0 });
    expect(components.ordering).toMatchObject({ errorRatio: 1, health: "failing" });
  });

  test("of a component is what its server spans tell", () => {
    const scene = createScene();
    scene.allRun();
    const server = { service: "ordering", kind: "server" as const, startMs: T0 - 100 };
    scene.topology.onSpans([
      ...Array.from({ length: 19 }, () => aSpan(server)),
      aSpan({ ...server, attributes: { "http.response.status_code": 500 } }),
    ]);
    scene.wait(1_000);
    expect(scene.look().components.ordering).toMatchObject({
      ratePerSecond: 10,
      errorRatio: 0.05,
      p95Ms: expect.closeTo(10, 0),
      health: "degraded",
      reason: "5.0 % failed (1 of 20)",
    });
  });

  test("of a component that writes no spans is what its callers see, and does not convict it", () => {
    const scene = createScene();
    scene.allRun();
    scene.topology.onEdgeStats(T0, [someStats("ordering->rabbitmq", { connections: 4, connectErrors: 1 })]);
    expect(scene.look().components.rabbitmq).toMatchObject({ errorRatio: 0.25, health: "ok" });
  });

  test("that ends is idle, never unknown", () => {
    const scene = createScene();
    scene.allRun();
    scene.calmFor(6);
    scene.wait(7_000);
    expect(scene.look().edges["gateway->ordering"]).toMatchObject({ ratePerSecond: 0, p95Ms: null, health: "idle" });
  });
});

describe("a fault", () => {
  test("that makes requests hang shows within a second, before any of them has ended", () => {
    const scene = createScene();
    scene.allRun();
    scene.calmFor(15);
    const began = scene.now();
    scene.topology.setFaults([fault]);
    let seenAfterMs = Number.POSITIVE_INFINITY;
    for (let ms = 200; ms <= 2_000 && seenAfterMs > 2_000; ms += 200) {
      scene.wait(200);
      scene.topology.onEdgeStats(scene.now(), [someStats("gateway->ordering", { inFlight: 3, oldestMs: ms })]);
      if (scene.look().edges["gateway->ordering"]?.health === "degraded") seenAfterMs = scene.now() - began;
    }
    expect(seenAfterMs).toBeLessThanOrEqual(600);
    const edge = scene.topology.snapshot().edges["gateway->ordering"];
    expect(edge).toMatchObject({ faults: ["f1"], reason: expect.stringMatching(/^oldest request has waited \d+ ms$/) });
  });

  test("is not learned as the steady state, and its end heals the edge", () => {
    const scene = createScene();
    scene.allRun();
    scene.calmFor(15);
    scene.topology.setFaults([{ ...fault, state: "active" }]);
    for (let step = 0; step < 300; step++) {
      scene.wait(200);
      scene.topology.onEdgeStats(scene.now(), [someStats("gateway->ordering", { latencyMs: [[400, 2]] })]);
      scene.topology.takeDelta();
    }
    expect(scene.look().edges["gateway->ordering"]).toMatchObject({
      health: "degraded",
      reason: expect.stringMatching(/^p95 (39|40)\d ms, steady state 20 ms$/),
    });
    scene.topology.setFaults([]);
    scene.calmFor(6);
    expect(scene.look().edges["gateway->ordering"]).toMatchObject({ health: "ok", faults: [] });
    expect(scene.look().faults).toEqual({});
  });

  test("what waited is forgotten when the agent falls silent", () => {
    const scene = createScene();
    scene.allRun();
    scene.topology.onEdgeStats(T0, [someStats("gateway->ordering", { inFlight: 1, oldestMs: 9_000 })]);
    expect(scene.look().edges["gateway->ordering"]?.health).toBe("failing");
    scene.wait(1_100);
    expect(scene.look().edges["gateway->ordering"]?.health).toBe("idle");
  });
});

describe("a component's end", () => {
  test("leaves a ghost with what happened, and its return counts as a restart", () => {
    const scene = createScene();
    scene.allRun();
    scene.look();
    scene.wait(500);
    scene.state("ordering", "killed", 137);
    const ghost = scene.topology.takeDelta();
    expect(ghost?.components?.ordering).toMatchObject({
      state: "killed",
      exitCode: 137,
      since: T0 + 500,
      restarts: 0,
      health: "failing",
      reason: "killed, exit 137",
    });
    expect(ghost?.events?.map(({ text, severity }) => [severity, text])).toEqual([
      ["bad", "ordering was killed · exit 137"],
    ]);
    scene.wait(1_000);
    scene.state("ordering", "starting");
    scene.wait(200);
    scene.state("ordering", "running");
    const back = scene.topology.takeDelta();
    expect(back?.components?.ordering).toMatchObject({ state: "running", restarts: 1, health: "idle" });
    expect(back?.components?.ordering).not.toHaveProperty("exitCode");
    expect(back?.events?.at(-1)).toMatchObject({ severity: "good", text: "ordering is running again after 1.2 s" });
  });

  test("degrades its callers, by the edge that fails", () => {
    const scene = createScene();
    scene.allRun();
    scene.topology.onEdgeStats(T0, [someStats("gateway->ordering", { connectErrors: 4 })]);
    const { edges, components } = scene.look();
    expect(edges["gateway->ordering"]).toMatchObject({ health: "failing", reason: "100 % failed (4 of 4)" });
    expect(components.gateway).toMatchObject({ health: "degraded", reason: "gateway→ordering: 100 % failed (4 of 4)" });
  });

  test("ends its breakers, and a report that comes late does not revive one", () => {
    const scene = createScene();
    scene.allRun();
    scene.topology.onBreaker("gateway", "ordering", aBreaker("open", T0));
    scene.state("gateway", "killed", 137);
    scene.topology.onBreaker("gateway", "ordering", aBreaker("open", T0));
    expect(scene.look().edges["gateway->ordering"]?.breaker).toBeUndefined();
  });
});

describe("a breaker", () => {
  test("that opens makes its edge fail, with the reason; closing heals it; both are told", () => {
    const scene = createScene();
    scene.allRun();
    scene.look();
    const { topology } = scene;
    topology.onBreaker("gateway", "ordering", aBreaker("closed", T0));
    topology.onBreaker("gateway", "ordering", aBreaker("open", T0 + 10));
    const open = topology.takeDelta();
    expect(open?.edges?.["gateway->ordering"]).toMatchObject({
      health: "failing",
      reason: "breaker open: 14 of 20 failed, threshold 50 %",
      breaker: { state: "open" },
    });
    topology.onBreaker(
      "gateway",
      "ordering",
      aBreaker("half_open", T0 + 20, { reason: "half-open after 6.0 s: 3 probes may pass", probes: 1 }),
    );
    const half = topology.takeDelta();
    expect(half?.edges?.["gateway->ordering"]).toMatchObject({
      health: "degraded",
      reason: "breaker half-open: 1 of 3 probes done",
    });
    topology.onBreaker("gateway", "ordering", aBreaker("closed", T0 + 30));
    const closed = topology.takeDelta();
    expect(closed?.edges?.["gateway->ordering"]).toMatchObject({ health: "idle", breaker: { state: "closed" } });
    expect([open, half, closed].flatMap((delta) => delta?.events?.map(({ text }) => text))).toEqual([
      "breaker gateway→ordering opened: 14 of 20 failed, threshold 50 %",
      "breaker gateway→ordering half-open after 6.0 s: 3 probes may pass",
      "breaker gateway→ordering closed: 3 of 3 probes succeeded",
    ]);
  });

  test("never goes back to an older state, and on an unknown edge is ignored", () => {
    const scene = createScene();
    scene.allRun();
    scene.topology.onBreaker("gateway", "ordering", aBreaker("open", T0 + 10));
    scene.topology.onBreaker("gateway", "ordering", aBreaker("closed", T0));
    scene.topology.onBreaker("nobody", "ordering", aBreaker("open", T0));
    expect(scene.look().edges["gateway->ordering"]?.breaker?.state).toBe("open");
  });
});

describe("deltas", () => {
  test("add up to the snapshot, one revision after the other", () => {
    const scene = createScene();
    const deltas: Delta[] = [];
    const take = () => {
      const delta = scene.topology.takeDelta();
      if (delta) deltas.push(delta);
    };
    const before = scene.topology.snapshot();
    take();
    scene.allRun();
    take();
    scene.topology.setFaults([fault]);
    take();
    scene.topology.onEdgeStats(T0, [someStats("load->gateway", { latencyMs: [[20, 4]] })]);
    scene.wait(500);
    take();
    scene.topology.setFaults([]);
    scene.topology.setSystem({ name: "Corner Shop", status: "running" });
    scene.topology.log({ kind: "system", severity: "good", text: "all run" });
    take();
    take();

    const client = structuredClone(before);
    for (const delta of deltas) {
      expect(delta.baseRevision).toBe(client.revision);
      Object.assign(client, { revision: delta.revision, at: delta.at });
      if (delta.system) client.system = delta.system;
      if (delta.user) client.user = delta.user;
      client.events.push(...(delta.events ?? []));
      for (const part of ["components", "edges", "faults"] as const) {
        for (const [id, entry] of Object.entries(delta[part] ?? {})) {
          if (entry === null) delete client[part][id];
          else (client[part] as Record<string, unknown>)[id] = entry;
        }
      }
    }
    expect(deltas).toHaveLength(5);
    expect(client).toEqual(scene.topology.snapshot());
  });

  test("are null when nothing changes", () => {
    const scene = createScene();
    scene.look();
    scene.wait(60_000);
    expect(scene.topology.takeDelta()).toBeNull();
  });

  test("hold figures back that would flicker, but never a change of health", () => {
    const scene = createScene();
    scene.allRun();
    scene.calmFor(6);
    const seen: string[] = [];
    for (let step = 0; step < 10; step++) {
      scene.wait(100);
      scene.topology.onEdgeStats(scene.now(), [someStats("gateway->ordering", { latencyMs: [[21 + step, 3]] })]);
      const edge = scene.topology.takeDelta()?.edges?.["gateway->ordering"];
      if (edge) seen.push(edge.health);
    }
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.length).toBeLessThanOrEqual(3);
    scene.wait(1);
    scene.topology.onEdgeStats(scene.now(), [someStats("gateway->ordering", { connectErrors: 1 })]);
    expect(scene.topology.takeDelta()?.edges?.["gateway->ordering"]?.health).toBe("degraded");
  });

  test("carry a fault as it was set, even when its owner changes the object later", () => {
    const scene = createScene();
    const mine = { ...fault };
    scene.topology.setFaults([mine]);
    scene.look();
    mine.state = "active";
    expect(scene.look().faults.f1?.state).toBe("pending");
    scene.topology.setFaults([mine]);
    expect(scene.topology.takeDelta()?.faults?.f1?.state).toBe("active");
  });
});

test("the event list keeps the newest, in the snapshot and between two deltas", () => {
  const scene = createScene();
  for (let number = 1; number <= EVENT_LIMIT + 50; number++) {
    scene.topology.log({ kind: "system", severity: "info", text: `event ${number}` });
  }
  expect(scene.topology.takeDelta()?.events).toHaveLength(EVENT_LIMIT);
  scene.topology.log({ kind: "system", severity: "info", text: "newest" });
  const { events } = scene.look();
  expect(events).toHaveLength(EVENT_LIMIT);
  expect(events.at(-1)?.text).toBe("newest");
  expect(events.at(0)?.text).toBe("event 52");
});

describe("invariants", () => {
  const rule = { name: "I1", title: "no order is charged twice", violations: 1, since: T0, offenders: [] };

  test("are part of the picture, and an event when one breaks", () => {
    const scene = createScene();
    scene.topology.onInvariant({ at: T0, invariant: { ...rule, state: "broken", reason: "order 7" } });
    const { invariants, events } = scene.look();
    expect(invariants.I1).toMatchObject({ state: "broken", reason: "order 7" });
    expect(events).toMatchObject([
      { kind: "invariant", severity: "bad", text: "I1 is broken: no order is charged twice (order 7)" },
    ]);
  });

  test("come from gauges too, and go when nobody tells of them any more", () => {
    const scene = createScene();
    const point = { service: "auditor", atNanos: BigInt(T0) * 1_000_000n, value: 2 };
    scene.topology.onGauges([
      { ...point, name: "invariant.violations", attributes: { "invariant.name": "I1" } },
      { ...point, name: "invariant.violations", attributes: {} },
      { ...point, name: "memory", attributes: { "invariant.name": "I2" } },
    ]);
    expect(scene.look().invariants).toMatchObject({ I1: { state: "broken", violations: 2 } });
    scene.wait(16_000);
    expect(scene.topology.takeDelta()?.invariants).toEqual({ I1: null });
  });
});

test("what components obey and what contradicts stands beside the policies", () => {
  const scene = createScene();
  const warnings = { "gateway->ordering": ["waits 2 s for what load→gateway gives up after 1 s"] };
  scene.topology.setPolicies({ edges: {}, components: {} }, { warnings, obeys: { load: ["load_burst"] } });
  const { edges, components } = scene.look();
  expect(edges["gateway->ordering"]?.policyWarnings).toEqual(warnings["gateway->ordering"]);
  expect(components.load?.obeys).toEqual(["load_burst"]);
  expect(components.gateway).not.toHaveProperty("obeys");
});
