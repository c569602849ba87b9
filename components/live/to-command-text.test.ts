import { describe, expect, test } from "vitest";
import { fromSnapshot } from "./apply-delta.ts";
import { anEdge, aSnapshot } from "./live.fixture.ts";
import { initialLiveState } from "./live-state.ts";
import { toCommandText, toUndo } from "./to-command-text.ts";

const timeout = { enabled: true, timeoutMs: 800 };
const snapshot = aSnapshot({ components: [], edges: [anEdge("a", "b", { policies: { timeout } })] });
const before = { ...initialLiveState, ...fromSnapshot(snapshot, 0, initialLiveState.shape) };

describe("undo", () => {
  test("starts what was killed or stopped, and lets go on what was paused", () => {
    const input = { component: "inventory" };
    expect(toUndo({ name: "component:kill", input }, {}, before)).toEqual({ name: "component:start", input });
    expect(toUndo({ name: "component:stop", input }, {}, before)).toEqual({ name: "component:start", input });
    expect(toUndo({ name: "component:pause", input }, {}, before)).toEqual({ name: "component:unpause", input });
  });

  test("removes the very fault that was added", () => {
    const add = { name: "fault:add", input: { target: { edge: "a->b" }, type: "down" } } as const;
    expect(toUndo(add, { id: "f1" }, before)).toEqual({ name: "fault:remove", input: { id: "f1" } });
  });

  test("sets policy, preset and load back to what they were", () => {
    const off = { enabled: false, timeoutMs: 800 };
    expect(toUndo({ name: "policy:set", input: { edge: "a->b", policy: "timeout", value: off } }, {}, before)).toEqual({
      name: "policy:set",
      input: { edge: "a->b", policy: "timeout", value: timeout },
    });
    expect(toUndo({ name: "policy:preset", input: { name: "naive" } }, {}, before)).toEqual({
      name: "policy:preset",
      input: { name: "hardened" },
    });
    expect(toUndo({ name: "load:set", input: { ratePerSecond: 50 } }, {}, before)).toEqual({
      name: "load:set",
      input: { ratePerSecond: 20 },
    });
  });

  test("is not offered where nothing takes the command back", () => {
    expect(toUndo({ name: "heal:everything", input: {} }, {}, before)).toBeNull();
    expect(toUndo({ name: "component:start", input: { component: "a" } }, {}, before)).toBeNull();
  });
});

test("the toast names target and fault", () => {
  const input = { target: { edge: "payments->bank" }, type: "latency", attributes: { latency: 3_000 } } as const;
  expect(toCommandText({ name: "fault:add", input })).toBe("latency 3 s on payments → bank");
  expect(toCommandText({ name: "policy:set", input: { edge: "a->b", policy: "circuitBreaker", value: {} } })).toBe(
    "circuit breaker of a → b set",
  );
});
