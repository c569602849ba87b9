import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Fault } from "#contract/faults.ts";
import type { Component, ComponentState, Snapshot } from "#contract/state.ts";
import { AppError } from "../lib/app-error.ts";
import { STEP_LIMIT_MS } from "./bring-back.ts";
import { createTold } from "./chaos.fixture.ts";
import { findResidue } from "./find-residue.ts";
import { healEverything, PROOF_LIMIT_MS } from "./heal-everything.ts";

function component(id: string, state: ComponentState, kind: Component["kind"] = "service"): Component {
  const calm = { restarts: 0, ratePerSecond: 1, errorRatio: 0, clientErrorRatio: 0, p95Ms: 1, health: "ok" } as const;
  return { id, kind, context: null, state, since: 0, ...calm };
}

function setUp(states: Record<string, ComponentState>) {
  const components = Object.fromEntries(Object.entries(states).map(([id, state]) => [id, component(id, state)]));
  components.users = component("users", "running", "client");
  const snapshot = {
    components,
    edges: {},
    faults: {},
    user: { successRatio: 1, p95Ms: 5, ratePerSecond: 10 },
    system: { agent: "up", loadRatePerSecond: 10 },
  } as unknown as Snapshot;
  const { told, topology } = createTold();
  const act = vi.fn(async (id: string, _action: string) => {
    components[id] = component(id, "running");
  });
  const faults = { removeAllFromAgent: vi.fn(async () => {}), endOn: vi.fn() };
  const policies = { calm: vi.fn(async () => {}) };
  const parts = { faults, policies, act, topology: { ...topology, snapshot: () => snapshot } };
  const heal = () => healEverything({ ...parts, states: () => Object.values(components) }, "you");
  return { snapshot, told, act, faults, policies, heal };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("brings back what is down, each in its way, and proves it", async () => {
  const { heal, act, faults, policies, told } = setUp({
    a: "killed",
    b: "paused",
    c: "running",
    d: "exited",
    e: "stopped",
  });
  const healing = heal();
  await vi.advanceTimersByTimeAsync(200);
  await expect(healing).resolves.toEqual({ healed: true, residue: [] });
  expect(act.mock.calls).toEqual([
    ["a", "start"],
    ["b", "unpause"],
    ["d", "start"],
    ["e", "start"],
  ]);
  expect(faults.removeAllFromAgent).toHaveBeenCalled();
  expect(policies.calm).toHaveBeenCalled();
  expect(told.log.at(-1)).toBe("everything is healed");
});

test("starts what was just stopping once it has stopped", async () => {
  const { heal, act, snapshot } = setUp({ a: "stopping" });
  const healing = heal();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(act).not.toHaveBeenCalled();
  snapshot.components.a = component("a", "stopped");
  await vi.advanceTimersByTimeAsync(400);
  await expect(healing).resolves.toEqual({ healed: true, residue: [] });
  expect(act.mock.calls).toEqual([["a", "start"]]);
});

test("waits until users are served again", async () => {
  const { heal, snapshot } = setUp({});
  snapshot.user.successRatio = 0.7;
  const healing = heal();
  await vi.advanceTimersByTimeAsync(8_000);
  snapshot.user.successRatio = 0.995;
  await vi.advanceTimersByTimeAsync(200);
  await expect(healing).resolves.toEqual({ healed: true, residue: [] });
});

test("works while the agent and a component hang, and names what is left", async () => {
  const { heal, act, faults, snapshot } = setUp({ a: "killed", b: "killed" });
  faults.removeAllFromAgent.mockReturnValue(new Promise(() => {}));
  const start = act.getMockImplementation();
  act.mockImplementation(async (id, action) => {
    if (id === "a") throw new AppError("unavailable", "no engine answers");
    await start?.(id, action);
  });
  const healing = heal();
  await vi.advanceTimersByTimeAsync(0);
  expect(snapshot.components.b?.state).toBe("running");
  await vi.advanceTimersByTimeAsync(STEP_LIMIT_MS + PROOF_LIMIT_MS);
  await expect(healing).resolves.toEqual({
    healed: false,
    residue: [
      "a does not start: no engine answers",
      `the agent's faults could not be removed: no answer within ${STEP_LIMIT_MS / 1_000} s`,
      "a is killed",
    ],
  });
});

const heldFault: Fault = {
  id: "f1",
  type: "down",
  target: { edge: "a->b" },
  attributes: {},
  rate: 1,
  state: "active",
  startedAt: 0,
  expiresAt: 1,
  owner: "you",
};

test.each<[string, (snapshot: Snapshot) => object, string[]]>([
  ["nothing", () => ({}), []],
  [
    "a few failing calls",
    ({ user }) => ({ user: { ...user, successRatio: 0.954 } }),
    ["95.4 % of users' calls succeed, 99 % is the steady state"],
  ],
  ["silence", ({ user }) => ({ user: { ...user, successRatio: null } }), ["no user has been served in the last 10 s"]],
  ["a lost agent", ({ system }) => ({ system: { ...system, agent: "down" } }), ["the agent is down"]],
  [
    "a load of zero, where nobody is to be served",
    ({ user, system }) => ({ user: { ...user, successRatio: null }, system: { ...system, loadRatePerSecond: 0 } }),
    [],
  ],
  ["a fault that still holds", () => ({ faults: { f1: heldFault } }), ["down still holds on a->b"]],
])("residue of %s", (_name, spoil, residue) => {
  const { snapshot } = setUp({ a: "running" });
  expect(findResidue({ ...snapshot, ...spoil(snapshot) })).toEqual(residue);
});
