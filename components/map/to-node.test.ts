import { expect, test } from "vitest";
import { aComponent } from "../live/live.fixture.ts";
import { toGhostLines, toLook, toNodeLabel, toWord } from "./to-node.ts";

test.each([
  ["running", "ok", "ok", "ok"],
  ["running", "failing", "failing", "failing"],
  ["running", "idle", "idle", "idle"],
  ["paused", "failing", "paused", "paused"],
  ["waiting", "idle", "starting", "waiting"],
  ["stopping", "ok", "starting", "stopping"],
  ["killed", "failing", "ghost", "killed"],
  ["exited", "failing", "ghost", "exited"],
] as const)("%s and %s looks %s and says %s", (state, health, look, word) => {
  expect(toLook({ state, health })).toBe(look);
  expect(toWord({ state, health })).toBe(word);
});

test("a ghost tells when, with which code, and how often it came back", () => {
  const killed = aComponent("inventory", { state: "killed", since: 1_000, exitCode: 137, restarts: 1 });
  expect(toGhostLines(killed, 15_000)).toEqual(["killed 14 s ago", "exit 137 · restarts 1"]);
  expect(toGhostLines({ ...killed, exitCode: null }, 15_000)[1]).toBe("exit unknown · restarts 1");
});

test("a screen reader hears the state and the numbers", () => {
  const slow = aComponent("inventory", {
    ratePerSecond: 12,
    errorRatio: 0.124,
    health: "failing",
    reason: "12 % fail",
  });
  expect(toNodeLabel(slow)).toBe(
    "inventory, service, running, failing, 12 requests per second, 12 % errors, p95 40 ms, 12 % fail",
  );
  expect(toNodeLabel(aComponent("bank", { state: "killed", exitCode: 137 }))).toBe(
    "bank, service, killed, exit code 137",
  );
});
