import { expect, test } from "vitest";
import { aComponent } from "../live/live.fixture.ts";
import { toActions } from "./to-actions.ts";

const open = (state: "running" | "paused" | "killed" | "waiting") =>
  toActions(aComponent("a", { state }), null)
    .filter(({ reason }) => !reason)
    .map(({ action }) => action);

test("what can be done follows from the state", () => {
  expect(open("running")).toEqual(["kill", "stop", "pause", "restart"]);
  expect(open("paused")).toEqual(["kill", "stop", "unpause"]);
  expect(open("killed")).toEqual(["start", "restart"]);
  expect(open("waiting")).toEqual([]);
});

test("what cannot be done says why, and the runtime's reason comes first", () => {
  const system = { unavailableActions: { pause: "not on this system" } };
  const reasons = Object.fromEntries(toActions(aComponent("a"), system).map(({ action, reason }) => [action, reason]));
  expect(reasons).toMatchObject({ start: "a is running", unpause: "a is not paused", pause: "not on this system" });
});
