import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AgentEvent, AgentFault, AgentFaultState } from "#contract/agent-api.ts";
import { MAX_FAULTS } from "#contract/faults.ts";
import { AppError } from "../lib/app-error.ts";
import { createTold, tinyPolicies, tinySystem } from "./chaos.fixture.ts";
import type { Targets } from "./check-fault.ts";
import { createFaults, type Faults } from "./faults.ts";

const latency = { target: { edge: "shop->bank" }, type: "latency", attributes: { latency: 3_000 } } as const;
const killBank = { target: { component: "bank" }, type: "kill" } as const;

/** The tiny system with a broker that two of them use. */
const withBroker: Targets = {
  model: {
    ...tinySystem.model,
    services: tinySystem.model.services.map((service) =>
      service.id === "users" ? { ...service, id: "rabbit", kind: "broker" } : service,
    ),
  },
  edges: tinySystem.edges.flatMap((edge) => ["shop", "bank"].map((caller) => ({ ...edge, caller, callee: "rabbit" }))),
  obeys: { rabbit: ["duplicate_delivery", "crash_before_ack"] },
};

function setUp(system: Targets = { ...tinySystem, obeys: tinyPolicies.faults }) {
  const { told, topology } = createTold();
  const agent = {
    addFault: vi.fn(async (_fault: AgentFault) => {}),
    updateFault: vi.fn(async () => {}),
    removeFault: vi.fn(async () => {}),
    removeAllFaults: vi.fn(async () => {}),
  };
  const act = vi.fn(async (_component: string, _action: string) => {});
  const faults = createFaults({ agent, act, targets: () => system, topology });
  /** As the agent tells of a fault that it was given. */
  const toState = (id: string): AgentFaultState => {
    const [fault] = agent.addFault.mock.calls.map(([given]) => given).filter((given) => given.id === id);
    if (!fault) throw new Error(`the agent never got ${id}`);
    return { ...fault, startedAt: Date.now(), expiresAt: Date.now() + fault.leaseMs };
  };
  return { told, agent, act, faults, toState };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a fault on an edge", () => {
  test("is pending until the agent has confirmed it", async () => {
    const { told, agent, faults } = setUp();
    let confirm = () => {};
    agent.addFault.mockReturnValueOnce(new Promise<void>((resolve) => (confirm = resolve)));
    const adding = faults.add(latency, "you");
    await vi.advanceTimersByTimeAsync(0);
    expect(told.faults).toMatchObject([
      { type: "latency", state: "pending", attributes: { latency: 3_000, jitter: 0 } },
    ]);
    confirm();
    const { id } = await adding;
    expect(told.faults).toMatchObject([{ id, state: "active", owner: "you", rate: 1 }]);
    expect(told.log).toEqual(["+3000 ms latency on shop→bank for 60 s, by you"]);
  });

  test("that the agent refuses leaves nothing behind", async () => {
    const { told, agent, faults } = setUp();
    agent.addFault.mockRejectedValueOnce(new AppError("unavailable", "The agent cannot be reached."));
    await expect(faults.add(latency, "you")).rejects.toMatchObject({ code: "unavailable" });
    expect(told.faults).toEqual([]);
  });

  test("ends when the agent says that its lease ran out", async () => {
    const { told, faults, toState } = setUp();
    const { id } = await faults.add({ ...latency, leaseMs: 5_000 }, "you");
    faults.onAgentEvent({ type: "fault", at: 1, id, state: "removed", cause: "expired", fault: toState(id) });
    expect(told.faults).toEqual([]);
    expect(told.log.at(-1)).toBe("+3000 ms latency on shop→bank ended: its lease ran out");
  });

  test("is changed per field and removed", async () => {
    const { told, agent, faults } = setUp();
    const { id } = await faults.add({ ...latency, attributes: { latency: 100, jitter: 5 } }, "you");
    await faults.update(id, { attributes: { latency: 500 }, leaseMs: 90_000 }, "curl");
    expect(agent.updateFault).toHaveBeenCalledWith(id, { attributes: { latency: 500, jitter: 5 }, leaseMs: 90_000 });
    expect(told.faults).toMatchObject([{ attributes: { latency: 500, jitter: 5 }, expiresAt: Date.now() + 90_000 }]);
    await faults.remove(id, "you");
    expect(told.faults).toEqual([]);
    await expect(faults.remove(id, "you")).rejects.toMatchObject({ code: "not_found" });
  });

  test("that the agent has forgotten already is removed all the same", async () => {
    const { told, agent, faults } = setUp();
    const { id } = await faults.add(latency, "you");
    agent.removeFault.mockRejectedValueOnce(new AppError("not_found", "No such fault."));
    await faults.remove(id, "you");
    expect(told.faults).toEqual([]);
  });

  test("set on the agent by others is shown as external", async () => {
    const { told, faults } = setUp();
    const fault: AgentFaultState = {
      id: "theirs",
      edge: "shop->bank",
      type: "down",
      attributes: {},
      stream: "downstream",
      rate: 1,
      leaseMs: 5_000,
      seed: 1,
      startedAt: 10,
      expiresAt: 5_010,
    };
    faults.onAgentEvent({ type: "hello", instance: "a", at: 1, faults: [fault] });
    expect(told.faults).toMatchObject([{ id: "theirs", owner: "external", state: "active", expiresAt: 5_010 }]);
  });

  test("is put back on a new agent for the rest of its lease, and dropped where that is over", async () => {
    const { told, agent, faults } = setUp();
    faults.onAgentEvent({ type: "hello", instance: "first", at: 1, faults: [] });
    const { id } = await faults.add({ ...latency, leaseMs: 10_000 }, "you");
    await faults.add({ target: { edge: "users->shop" }, type: "down", leaseMs: 2_000 }, "you");
    faults.onAgentLost();
    expect(told.faults.map(({ state }) => state)).toEqual(["pending", "pending"]);
    await vi.advanceTimersByTimeAsync(4_000);
    faults.onAgentEvent({ type: "hello", instance: "second", at: 2, faults: [] });
    await faults.restore();
    expect(agent.addFault).toHaveBeenLastCalledWith(expect.objectContaining({ id, leaseMs: 6_000 }));
    expect(told.faults).toMatchObject([{ id, state: "active" }]);
  });

  test("that was healed while the agent was gone is not put back on the next one", async () => {
    const { told, agent, faults } = setUp();
    await faults.add(latency, "you");
    faults.onAgentLost();
    agent.removeAllFaults.mockRejectedValueOnce(new AppError("unavailable", "The agent cannot be reached."));
    await faults.removeAllFromAgent();
    expect(told.faults).toEqual([]);
    await faults.restore();
    expect(agent.addFault).toHaveBeenCalledTimes(1);
  });

  test("that was healed while it was on its way is taken off when it arrives", async () => {
    const { told, agent, faults } = setUp();
    let confirm = () => {};
    agent.addFault.mockReturnValueOnce(new Promise<void>((resolve) => (confirm = resolve)));
    const adding = faults.add(latency, "you");
    await vi.advanceTimersByTimeAsync(0);
    await faults.removeAllFromAgent();
    confirm();
    const { id } = await adding;
    expect(agent.removeFault).toHaveBeenCalledWith(id);
    expect(told.faults).toEqual([]);
  });

  test("stays shown when an agent that hangs cannot be healed", async () => {
    const { told, agent, faults } = setUp();
    await faults.add(latency, "you");
    agent.removeAllFaults.mockRejectedValueOnce(new AppError("timed_out", "The agent did not answer."));
    await expect(faults.removeAllFromAgent()).rejects.toMatchObject({ code: "timed_out" });
    expect(told.faults).toMatchObject([{ type: "latency", state: "active" }]);
  });

  test("whose confirmation was lost stays shown when the agent tells of it", async () => {
    const { told, agent, faults } = setUp();
    agent.addFault.mockImplementationOnce(async (fault) => {
      const expiresAt = Date.now() + fault.leaseMs;
      const state = { ...fault, startedAt: Date.now(), expiresAt };
      faults.onAgentEvent({ type: "fault", at: 1, id: fault.id, state: "active", cause: "asked", fault: state });
      throw new AppError("timed_out", "The agent did not answer.");
    });
    await expect(faults.add(latency, "you")).rejects.toMatchObject({ code: "timed_out" });
    expect(told.faults).toMatchObject([{ type: "latency", state: "active", owner: "you" }]);
  });

  test("is over when the same agent, seen again, holds it no more", async () => {
    const { told, faults } = setUp();
    faults.onAgentEvent({ type: "hello", instance: "first", at: 1, faults: [] });
    await faults.add(latency, "you");
    faults.onAgentEvent({ type: "hello", instance: "first", at: 2, faults: [] });
    expect(told.faults).toEqual([]);
  });
});

describe("a fault on a component", () => {
  test("is undone by itself when its lease ends", async () => {
    const { told, act, faults } = setUp();
    await faults.add({ ...killBank, leaseMs: 5_000 }, "you");
    expect(told.faults).toMatchObject([{ type: "kill", state: "active", expiresAt: Date.now() + 5_000 }]);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(act.mock.calls).toEqual([["bank", "kill"]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(act.mock.calls).toEqual([
      ["bank", "kill"],
      ["bank", "start"],
    ]);
    expect(told.faults).toEqual([]);
  });

  test("says that its lease ran out, though the runtime tells first that the component is back", async () => {
    const { told, act, faults } = setUp();
    await faults.add({ ...killBank, leaseMs: 5_000 }, "you");
    act.mockImplementationOnce(async () =>
      faults.onRuntimeEvent({ type: "state", component: "bank", at: 1, state: "starting" }),
    );
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told.log.at(-1)).toBe("kill of bank ended: its lease ran out");
    expect(told.faults).toEqual([]);
  });

  test("is tried again when the component cannot be brought back at once", async () => {
    const { told, act, faults } = setUp();
    await faults.add({ ...killBank, leaseMs: 1_000 }, "you");
    act.mockRejectedValueOnce(new AppError("unavailable", "no engine"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told.faults).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told.faults).toEqual([]);
  });

  test("that is given up says so", async () => {
    const { told, act, faults } = setUp();
    await faults.add({ ...killBank, leaseMs: 1_000 }, "you");
    act.mockRejectedValue(new AppError("unavailable", "no engine"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told.faults).toEqual([]);
    expect(told.log.at(-1)).toBe("kill of bank could not be undone: no engine");
  });

  test("takes the place of the one before", async () => {
    const { told, act, faults } = setUp();
    await faults.add({ target: { component: "bank" }, type: "pause", leaseMs: 2_000 }, "you");
    await faults.add({ ...killBank, leaseMs: 10_000 }, "you");
    expect(told.faults).toMatchObject([{ type: "kill" }]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(act).not.toHaveBeenCalledWith("bank", "unpause");
  });

  test("is over when what was paused has ended meanwhile", async () => {
    const { told, act, faults } = setUp();
    await faults.add({ target: { component: "bank" }, type: "pause", leaseMs: 2_000 }, "you");
    faults.onRuntimeEvent({ type: "state", component: "bank", at: 1, state: "exited", exitCode: 1 });
    expect(told.faults).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(act).toHaveBeenCalledTimes(1);
  });

  test("is over when the component came back by other means", async () => {
    const { told, act, faults } = setUp();
    await faults.add({ ...killBank, leaseMs: 5_000 }, "you");
    faults.onRuntimeEvent({ type: "state", component: "bank", at: 1, state: "running" });
    expect(told.faults).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(act).toHaveBeenCalledTimes(1);
  });
});

describe("a fault flag", () => {
  const paused = { target: { component: "shop" }, type: "consumer_paused" } as const;
  const crash = { target: { component: "shop" }, type: "crash_before_ack", attributes: { message: "Pay" } } as const;
  const ended = (id: string, toState: (id: string) => AgentFaultState, cause: "expired" | "asked"): AgentEvent => ({
    type: "fault",
    at: 1,
    id,
    state: "removed",
    cause,
    fault: toState(id),
  });

  test("is given to the agent, which tells the component", async () => {
    const { told, agent, faults } = setUp();
    const { id } = await faults.add({ ...paused, rate: 0.5, leaseMs: 5_000 }, "you");
    expect(agent.addFault).toHaveBeenCalledWith({
      id,
      component: "shop",
      components: ["shop"],
      type: "consumer_paused",
      attributes: {},
      rate: 0.5,
      leaseMs: 5_000,
      seed: 1,
    });
    expect(told.faults).toMatchObject([{ id, state: "active", target: { component: "shop" } }]);
    expect(told.log).toEqual(["paused consumer (50 %) of shop for 5 s, by you"]);
    await faults.remove(id, "you");
    expect(agent.removeFault).toHaveBeenCalledWith(id);
    expect(told.faults).toEqual([]);
  });

  test("of a broker is told to everyone who uses it", async () => {
    const { agent, faults } = setUp(withBroker);
    await faults.add({ target: { component: "rabbit" }, type: "duplicate_delivery" }, "you");
    expect(agent.addFault.mock.lastCall?.[0]).toMatchObject({ component: "rabbit", components: ["shop", "bank"] });
  });

  test("holds beside what the runtime does to the component", async () => {
    const { told, faults } = setUp();
    await faults.add(paused, "you");
    await faults.add({ target: { component: "shop" }, type: "kill" }, "you");
    faults.endOn("shop");
    expect(told.faults).toMatchObject([{ type: "consumer_paused" }]);
  });

  test("is put back on a new agent for the rest of its lease", async () => {
    const { agent, faults } = setUp();
    const { id } = await faults.add({ ...paused, leaseMs: 10_000 }, "you");
    faults.onAgentLost();
    await vi.advanceTimersByTimeAsync(4_000);
    await faults.restore();
    expect(agent.addFault).toHaveBeenLastCalledWith(expect.objectContaining({ id, component: "shop", leaseMs: 6_000 }));
  });

  const died = { type: "state", component: "shop", at: 1, state: "killed", exitCode: 137 } as const;

  test("that killed its component has it started when its lease ends", async () => {
    const { told, act, faults, toState } = setUp();
    const { id } = await faults.add(crash, "you");
    faults.onRuntimeEvent(died);
    faults.onAgentEvent(ended(id, toState, "expired"));
    await vi.advanceTimersByTimeAsync(0);
    expect(act.mock.calls).toEqual([["shop", "start"]]);
    expect(told.faults).toEqual([]);
    expect(told.log.at(-1)).toBe("crash before ack of Pay of shop ended: its lease ran out");
  });

  test("that killed its component has it started when it is removed", async () => {
    const { act, faults } = setUp();
    const { id } = await faults.add(crash, "you");
    faults.onRuntimeEvent(died);
    await faults.remove(id, "you");
    expect(act.mock.calls).toEqual([["shop", "start"]]);
  });

  test("that killed its component is taken off before that is brought back by command", async () => {
    const { told, agent, act, faults } = setUp();
    const { id } = await faults.add(crash, "you");
    faults.onRuntimeEvent(died);
    await faults.endCrashesOf("shop", "you");
    expect(agent.removeFault).toHaveBeenCalledWith(id);
    await vi.advanceTimersByTimeAsync(0);
    expect(told.faults).toEqual([]);
    expect(act).not.toHaveBeenCalled();
  });

  test("that killed its component is over when that comes back by other means", async () => {
    const { told, agent, faults } = setUp();
    const { id } = await faults.add(crash, "you");
    faults.onRuntimeEvent(died);
    faults.onRuntimeEvent({ ...died, state: "starting" });
    await vi.advanceTimersByTimeAsync(0);
    expect(agent.removeFault).toHaveBeenCalledWith(id);
    expect(told.faults).toEqual([]);
  });

  test("has killed nobody who was killed by us", async () => {
    const { act, faults, toState } = setUp();
    const { id } = await faults.add(crash, "you");
    await faults.add({ target: { component: "shop" }, type: "kill" }, "you");
    faults.onRuntimeEvent(died);
    faults.onAgentEvent(ended(id, toState, "expired"));
    await vi.advanceTimersByTimeAsync(0);
    expect(act.mock.calls).toEqual([["shop", "kill"]]);
  });

  test("of a broker brings back everyone whom it killed", async () => {
    const { told, act, faults } = setUp(withBroker);
    await faults.add({ target: { component: "rabbit" }, type: "crash_before_ack" }, "you");
    faults.onRuntimeEvent(died);
    faults.onRuntimeEvent({ ...died, component: "bank" });
    await faults.endCrashesOf("bank", "you");
    await vi.advanceTimersByTimeAsync(0);
    expect(act.mock.calls).toEqual([["shop", "start"]]);
    expect(told.faults).toEqual([]);
  });
});

describe("refused", () => {
  test.each([
    ["an edge that is not there", { ...latency, target: { edge: "shop->moon" } }, "not_found"],
    ["a component that is not there", { ...killBank, target: { component: "moon" } }, "not_found"],
    ["Faultline's own agent", { ...killBank, target: { component: "agent" } }, "forbidden"],
    ["a component fault on an edge", { ...killBank, target: { edge: "shop->bank" } }, "unsupported"],
    ["a toxic on a component", { ...latency, target: { component: "bank" } }, "unsupported"],
    ["a missing attribute", { ...latency, attributes: {} }, "bad_request"],
    ["an unknown attribute", { ...latency, attributes: { latency: 1, colour: "red" } }, "bad_request"],
    ["a rate on a component", { ...killBank, rate: 0.5 }, "unsupported"],
    ["a flag on an edge", { ...latency, type: "consumer_paused", attributes: {} }, "unsupported"],
    [
      "a flag that the component does not know",
      { target: { component: "shop" }, type: "load_burst" },
      "unsupported",
      "shop does not know load_burst; it obeys consumer_paused, crash_before_ack.",
    ],
    [
      "a flag on what obeys none",
      { target: { component: "bank" }, type: "load_burst" },
      "unsupported",
      "bank does not know load_burst; it obeys no fault flags.",
    ],
    ["an HTTP fault on a component", { ...killBank, type: "reply_lost" }, "unsupported"],
  ] as [string, Parameters<Faults["add"]>[0], string, string?][])("%s", async (_name, input, code, message) => {
    const { faults, told } = setUp();
    await expect(faults.add(input, "you")).rejects.toMatchObject({ code, ...(message && { message }) });
    expect(told.faults).toEqual([]);
  });

  test("the same flag twice on one component", async () => {
    const { faults } = setUp();
    const flag = { target: { component: "shop" }, type: "consumer_paused" } as const;
    await faults.add(flag, "you");
    await expect(faults.add(flag, "you")).rejects.toMatchObject({ code: "conflict" });
  });

  test("the same toxic twice on one edge", async () => {
    const { faults } = setUp();
    await faults.add(latency, "you");
    await expect(faults.add(latency, "you")).rejects.toMatchObject({ code: "conflict" });
  });

  test("more faults at once than the cap", async () => {
    const { faults } = setUp();
    const toxics = ["latency", "timeout", "reset_peer", "down"] as const;
    for (const type of toxics) {
      const attributes = type === "latency" ? { latency: 1 } : {};
      await faults.add({ target: { edge: "shop->bank" }, type, attributes }, "you");
    }
    await faults.add(killBank, "you");
    expect(faults.list()).toHaveLength(MAX_FAULTS);
    await expect(faults.add({ ...killBank, target: { component: "shop" } }, "you")).rejects.toMatchObject({
      code: "too_many",
    });
    await faults.add({ ...killBank, type: "stop" }, "you");
  });
});
