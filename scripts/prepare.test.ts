import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/* As the launcher uses it, in a process of its own: run() answers only when all who hold its child's output are gone. */
const child = `
  const { spawn } = require("node:child_process");
  spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log('deep')"], { stdio: "inherit" });
  setInterval(() => {}, 1000);`;
const launcher = `
  import { endRuns, run } from "./scripts/prepare.mjs";
  const stdio = ["ignore", "pipe", "pipe"];
  const ended = run([process.execPath, "-e", ${JSON.stringify(child)}], { stdio, detached: process.platform !== "win32" });
  setTimeout(endRuns, 500);
  console.log("code", await ended);`;

test("ending what is installed or built ends everything below it, too", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", launcher], {
    cwd: resolve(import.meta.dirname, ".."),
    timeout: 15_000,
  });
  expect(stdout).toBe("code 1\n");
});
