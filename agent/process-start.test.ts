import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { processStartedAt, toStartTime } from "./process-start.ts";

test("a process keeps its start, another has another, and one that is gone has none", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const pid = child.pid ?? 0;
  const startedAt = processStartedAt(pid);
  expect(startedAt).toMatch(/\d/);
  expect(processStartedAt(pid)).toBe(startedAt);
  expect(processStartedAt(process.pid)).not.toBe(startedAt);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(processStartedAt(pid)).toBeNull();
});

test("a process name with blanks and brackets does not shift the fields", () => {
  const rest = "S 1 42 42 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 7 0 987654 1000 200";
  expect(toStartTime(`42 (a) b) (c) ${rest}`)).toBe("987654");
  expect(toStartTime(`42 (node) ${rest}`)).toBe("987654");
});
