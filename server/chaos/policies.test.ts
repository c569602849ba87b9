import { expect, test, vi } from "vitest";
import type { PolicyDocument } from "#contract/policies.ts";
import { AppError } from "../lib/app-error.ts";
import { createTold, tinyPolicies, tinySystem } from "./chaos.fixture.ts";
import { createPolicies } from "./policies.ts";

function setUp(file: typeof tinyPolicies | null = tinyPolicies) {
  const { told, topology } = createTold();
  const push = vi.fn(async (_documents: Record<string, PolicyDocument>) => {});
  const policies = createPolicies({ file, system: tinySystem, push, topology });
  const pushed = () => push.mock.lastCall?.[0] ?? {};
  return { told, topology, push, pushed, policies };
}
const slow = { enabled: true, timeoutMs: 5_000 };
const breakerOf = (document: PolicyDocument | undefined) => document?.edges.bank?.circuitBreaker;

test("at start each component that any preset names gets its whole document", async () => {
  const { policies, pushed, told } = setUp();
  await policies.resend();
  expect(pushed()).toEqual({
    shop: { version: 1, edges: { bank: tinyPolicies.presets.Hardened?.edges["shop->bank"] }, component: {} },
    users: { version: 1, edges: {}, component: { load: { ratePerSecond: 10 } } },
  });
  expect(told.system).toEqual({ presets: ["Hardened", "Naive"], preset: "Hardened", loadRatePerSecond: 10 });
});

test("one policy replaces its value whole, and the preset is no longer that of its name", async () => {
  const { policies, pushed, told } = setUp();
  await policies.set({ edge: "shop->bank", policy: "timeout", value: slow }, "you");
  expect(pushed().shop?.edges.bank?.timeout).toEqual(slow);
  expect(breakerOf(pushed().shop)?.mode).toBe("auto");
  expect(told.system.preset).toBeNull();
  expect(tinyPolicies.presets.Hardened?.edges["shop->bank"]?.timeout?.timeoutMs).toBe(800);
});

test.each([
  ["no edge named", { policy: "timeout", value: slow }, "bad_request"],
  ["an edge and a component", { policy: "timeout", edge: "shop->bank", component: "shop", value: slow }, "bad_request"],
  ["an unknown edge", { policy: "timeout", edge: "shop->moon", value: slow }, "not_found"],
  ["a policy that the caller does not have", { policy: "bulkhead", edge: "shop->bank", value: {} }, "unsupported"],
  ["any policy on an edge without one", { policy: "timeout", edge: "users->shop", value: slow }, "unsupported"],
  ["a wrong value", { policy: "timeout", edge: "shop->bank", value: { enabled: true } }, "bad_request"],
  ["no component named", { policy: "load", value: { ratePerSecond: 1 } }, "bad_request"],
  ["capacity where there is none", { policy: "capacity", component: "shop", value: {} }, "unsupported"],
] as const)("%s is refused and changes nothing", async (_name, input, code) => {
  const { policies, push } = setUp();
  await expect(policies.set(input, "you")).rejects.toMatchObject({ code });
  expect(push).not.toHaveBeenCalled();
});

test("a preset keeps the load that was set", async () => {
  const { policies, pushed, told } = setUp();
  await policies.setLoad(40, "you");
  await policies.toPreset("Naive", "you");
  expect(breakerOf(pushed().shop)?.mode).toBe("disabled");
  expect(pushed().users?.component.load).toEqual({ ratePerSecond: 40 });
  expect(told.system).toMatchObject({ preset: "Naive", loadRatePerSecond: 40 });
  for (const name of ["Perfect", "constructor", "__proto__"]) {
    await expect(policies.toPreset(name, "you")).rejects.toMatchObject({ code: "not_found" });
  }
});

test("calm gives forced breakers and load back, keeps the rest, and sends nothing where all is calm", async () => {
  const { policies, pushed, push } = setUp();
  await policies.calm();
  expect(push).not.toHaveBeenCalled();
  await policies.setLoad(40, "you");
  await policies.set({ edge: "shop->bank", policy: "timeout", value: slow }, "you");
  const value = { ...tinyPolicies.presets.Hardened?.edges["shop->bank"]?.circuitBreaker, mode: "forced_open" };
  await policies.set({ edge: "shop->bank", policy: "circuitBreaker", value }, "you");
  await policies.calm();
  expect(breakerOf(pushed().shop)?.mode).toBe("auto");
  expect(pushed().shop?.edges.bank?.timeout).toEqual(slow);
  expect(pushed().users?.component.load).toEqual({ ratePerSecond: 10 });
});

test("what the agent did not take is not shown", async () => {
  const { policies, push, topology } = setUp();
  push.mockRejectedValueOnce(new AppError("unavailable", "The agent cannot be reached."));
  await expect(policies.toPreset("Naive", "you")).rejects.toMatchObject({ code: "unavailable" });
  expect(topology.setPolicies).not.toHaveBeenCalled();
});

test("without a policies file there is nothing to set", async () => {
  const { policies, told } = setUp(null);
  await policies.resend();
  expect(told.system).toEqual({ presets: [], preset: null, loadRatePerSecond: null });
  await expect(policies.setLoad(1, "you")).rejects.toMatchObject({ code: "unsupported" });
});

test("names that the system does not have are told", () => {
  const { policies } = setUp({
    default: "Only",
    presets: { Only: { edges: { "shop->moon": {} }, components: { mars: {} } } },
    faults: { venus: ["load_burst"] },
  });
  expect(policies.warnings()).toEqual([
    "The policies file names shop->moon, which this system does not have.",
    "The policies file names mars, which this system does not have.",
    "The policies file names venus, which this system does not have.",
  ]);
});
