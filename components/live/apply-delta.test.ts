import { describe, expect, test } from "vitest";
import type { LogEntry } from "#contract/state.ts";
import { applyDelta, fromSnapshot, KEPT_EVENTS } from "./apply-delta.ts";
import { aComponent, anEdge, aSnapshot } from "./live.fixture.ts";
import { initialLiveState, type LiveState } from "./live-state.ts";

function live(): LiveState {
  const snapshot = aSnapshot({
    components: [aComponent("gateway"), aComponent("catalog")],
    edges: [anEdge("gateway", "catalog")],
  });
  return { ...initialLiveState, ...fromSnapshot(snapshot, snapshot.at, initialLiveState.shape) };
}
const step = { revision: 8, baseRevision: 7, at: 0 };
const entry = (id: number): LogEntry => ({ id, at: id, kind: "fault", severity: "info", text: `event ${id}` });

describe("a delta", () => {
  test("is a gap before the first snapshot, and when it builds on another revision", () => {
    expect(applyDelta(initialLiveState, step)).toBe("gap");
    expect(applyDelta(live(), { ...step, baseRevision: 6 })).toBe("gap");
  });

  test("changes what it names and leaves the identity of everything else", () => {
    const before = live();
    const slower = aComponent("catalog", { p95Ms: 900 });
    const after = applyDelta(before, { ...step, components: { catalog: slower } });
    if (after === "gap") throw new Error("it builds on our revision");
    expect(after.revision).toBe(8);
    expect(after.components?.["catalog"]).toBe(slower);
    expect(after.components?.["gateway"]).toBe(before.components["gateway"]);
    expect(after).not.toHaveProperty("edges");
  });

  test("keeps the shape while only numbers change, and renews it when something comes or goes", () => {
    const before = live();
    const numbers = applyDelta(before, {
      ...step,
      edges: { "gateway->catalog": anEdge("gateway", "catalog", { p95Ms: 9 }) },
    });
    if (numbers === "gap") throw new Error("it builds on our revision");
    expect(numbers.shape).toBe(before.shape);
    const gone = applyDelta(before, { ...step, components: { catalog: null }, edges: { "gateway->catalog": null } });
    if (gone === "gap") throw new Error("it builds on our revision");
    expect(gone.shape).toEqual({
      components: [{ id: "gateway", kind: "service", context: null, modules: 0 }],
      edges: [],
    });
  });

  test("appends events and keeps no more than the bound", () => {
    const before = { ...live(), events: Array.from({ length: KEPT_EVENTS }, (_, id) => entry(id)) };
    const after = applyDelta(before, { ...step, events: [entry(1_000)] });
    if (after === "gap") throw new Error("it builds on our revision");
    expect(after.events).toHaveLength(KEPT_EVENTS);
    expect(after.events?.at(-1)?.id).toBe(1_000);
    expect(after.events?.[0]?.id).toBe(1);
  });
});

test("a snapshot tells how far the dashboard's clock is ahead", () => {
  const snapshot = aSnapshot({ components: [], edges: [], at: 10_500 });
  expect(fromSnapshot(snapshot, 10_000, initialLiveState.shape).clockSkewMs).toBe(500);
});
