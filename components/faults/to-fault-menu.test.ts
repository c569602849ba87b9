import { expect, test } from "vitest";
import { aComponent, anEdge } from "../live/live.fixture.ts";
import { toComponentMenu, toEdgeMenu } from "./to-fault-menu.ts";

test("an edge offers its faults with the chosen lease, and the way back from those that hold", () => {
  const held = {
    id: "f1",
    type: "down" as const,
    target: { edge: "a->b" },
    attributes: {},
    rate: 1,
    state: "active" as const,
    startedAt: 0,
    expiresAt: 1,
    owner: "you",
  };
  const menu = toEdgeMenu(anEdge("a", "b"), [held], 30_000);
  expect(menu.map(({ id }) => id)).toEqual([
    "latency-1",
    "latency-3",
    "timeout",
    "down",
    "reset",
    "errors",
    "reply-lost",
    "remove-f1",
  ]);
  expect(menu[1]?.command).toEqual({
    name: "fault:add",
    input: { target: { edge: "a->b" }, leaseMs: 30_000, type: "latency", attributes: { latency: 3_000 } },
  });
  expect(menu[1]?.effect).toContain("for 30 s");
});

test("a component offers only what can be done to it now", () => {
  const ids = (state: "running" | "killed" | "paused") =>
    toComponentMenu(aComponent("a", { state }), null, 30_000).map(({ id }) => id);
  expect(ids("running")).toEqual(["kill", "stop", "pause", "restart"]);
  expect(ids("killed")).toEqual(["start", "restart"]);
  expect(ids("paused")).toContain("unpause");
});

test("HTTP faults are offered on HTTP lines only, and fault flags where a component obeys them", () => {
  const onLine = toEdgeMenu(anEdge("a", "b", { protocol: "postgres" }), [], 30_000).map(({ id }) => id);
  expect(onLine).not.toContain("errors");
  const component = aComponent("a", { obeys: ["duplicate_delivery"] });
  const item = toComponentMenu(component, null, 30_000).find(({ id }) => id === "duplicate_delivery");
  expect(item?.command.input).toEqual({
    target: { component: "a" },
    type: "duplicate_delivery",
    attributes: {},
    rate: 0.5,
    leaseMs: 30_000,
  });
});
