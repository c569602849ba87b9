import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Invariant } from "#contract/invariants.ts";
import type { Component, ComponentState, Snapshot } from "#contract/state.ts";
import { AppError } from "../lib/app-error.ts";
import { createTold } from "./chaos.fixture.ts";
import { resetSystem } from "./reset-system.ts";

function component(id: string, state: ComponentState): Component {
  const calm = { restarts: 0, ratePerSecond: 1, errorRatio: 0, clientErrorRatio: 0, p95Ms: 1, health: "ok" } as const;
  return { id, kind: "service", context: null, state, since: 0, ...calm };
}
const rule = (state: Invariant["state"], reason = ""): Invariant => {
  const title = "no order is charged twice";
  return { name: "I1", title, state, violations: 0, since: 0, reason, offenders: [] };
};

function setUp(names: string[] = ["shop", "bank"]) {
  const doings: string[] = [];
  const components = Object.fromEntries(["shop", "bank"].map((id) => [id, component(id, "running")]));
  const snapshot = {
    components,
    edges: {},
    faults: {},
    invariants: { I1: rule("broken") } as Record<string, Invariant>,
    user: { successRatio: 1, p95Ms: 5, ratePerSecond: 10 },
    system: { agent: "up", loadRatePerSecond: 10 },
  } as unknown as Snapshot;
  const { told, topology } = createTold();
  const done = (what: string) => async () => void doings.push(what);
  const reset = vi.fn(async (address: string) => {
    doings.push(`reset ${address}`);
    return { status: 200, body: "{}" };
  });
  const act = vi.fn(async (id: string, action: string) => {
    doings.push(`${action} ${id}`);
    components[id] = component(id, "running");
  });
  let quietMs = 10_000;
  const parts = {
    faults: { removeAllFromAgent: done("faults off"), endOn: vi.fn() },
    policies: {
      calm: done("calm"),
      toDefault: async (_by: string, rate?: number | null) => {
        doings.push(`default policies, load ${rate ?? "usual"}`);
      },
      toRest: async () => {
        doings.push("rest");
        snapshot.system.loadRatePerSecond = 0;
      },
      restoreLoad: done("load back"),
    },
    act,
    states: () => Object.values(components),
    agent: { reset },
    topology: {
      ...topology,
      snapshot: () => snapshot,
      forgetInvariants: () => {
        doings.push("rules forgotten");
        snapshot.invariants = {};
        setTimeout(() => {
          snapshot.invariants = { I1: rule("holds") };
        }, 2_000);
      },
    },
    resets: () => names.map((name) => ({ component: name, address: `${name}:3000` })),
    quietMs: () => quietMs,
  };
  const setQuiet = (ms: number) => {
    quietMs = ms;
  };
  return { doings, told, components, snapshot, reset, setQuiet, run: () => resetSystem(parts, "you") };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("asks each in its order while nobody asks, proves it, and brings the load back", async () => {
  const { doings, run, told } = setUp();
  const resetting = run();
  await vi.advanceTimersByTimeAsync(3_000);
  await resetting;
  expect(doings.slice(0, 2).sort()).toEqual(["faults off", "rest"]);
  expect(doings.slice(2)).toEqual([
    "reset shop:3000",
    "reset bank:3000",
    "rules forgotten",
    "default policies, load 0",
    "load back",
  ]);
  expect(told.log.at(-1)).toMatch(/^everything is as it was at the start, after 2\.\d s$/);
});

test("waits until users are quiet", async () => {
  const { reset, setQuiet, run } = setUp();
  setQuiet(0);
  const resetting = run();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(reset).not.toHaveBeenCalled();
  setQuiet(700);
  await vi.advanceTimersByTimeAsync(5_000);
  await resetting;
});

test("brings back what is down, and asks again until it can", async () => {
  const { components, doings, reset, run } = setUp();
  components.bank = component("bank", "killed");
  reset.mockRejectedValueOnce(new AppError("unavailable", "shop cannot be asked"));
  reset.mockResolvedValueOnce({ status: 503, body: "the database is away" });
  const resetting = run();
  await vi.advanceTimersByTimeAsync(5_000);
  await resetting;
  expect(doings).toContain("start bank");
  expect(reset.mock.calls.map(([address]) => address)).toEqual(["shop:3000", "shop:3000", "shop:3000", "bank:3000"]);
});

test("names what is left within its time, and brings the load back all the same", async () => {
  const { doings, reset, setQuiet, run } = setUp();
  setQuiet(0);
  reset.mockImplementation(async (address) =>
    address.startsWith("shop") ? { status: 500, body: "no" } : await new Promise(() => {}),
  );
  const startedAt = Date.now();
  let endedAt = 0;
  const resetting = run().finally(() => {
    endedAt = Date.now();
  });
  const refused = expect(resetting).rejects.toMatchObject({
    code: "timed_out",
    message:
      "Not everything is as it was at the start: users still ask, though the load is 0; shop is not reset: it answered 500 no; bank is not reset: it did not answer in time; I1 has not been reported since.",
  });
  await vi.advanceTimersByTimeAsync(20_000);
  await refused;
  expect(endedAt - startedAt).toBeLessThan(20_000);
  expect(doings.at(-1)).toBe("load back");
});

test("one that knows no reset is not asked again", async () => {
  const { reset, run } = setUp(["bank"]);
  reset.mockResolvedValue({ status: 404, body: "" });
  const refused = expect(run()).rejects.toThrow("bank is not reset: it answered 404");
  await vi.advanceTimersByTimeAsync(20_000);
  await refused;
  expect(reset).toHaveBeenCalledTimes(1);
});

test("a system that cannot reset itself is started anew", async () => {
  const { doings, reset, run, snapshot } = setUp([]);
  snapshot.invariants = {};
  const resetting = run();
  await vi.advanceTimersByTimeAsync(1_000);
  await resetting;
  expect(doings).toEqual(expect.arrayContaining(["default policies, load usual", "restart shop", "restart bank"]));
  expect(reset).not.toHaveBeenCalled();
});
