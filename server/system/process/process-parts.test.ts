import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { toChildEnvironment } from "./child-environment.ts";
import { findFreePorts } from "./free-ports.ts";
import { createLogFiles } from "./log-files.ts";
import { toLastWords } from "./process-component.ts";
import { readProcessStart, toStatFields } from "./process-start.ts";
import { toTree } from "./process-table.ts";
import { endEarlierRun, writeRunFile } from "./run-file.ts";
import { signalTree } from "./signal-tree.ts";

const folder = mkdtempSync(join(tmpdir(), "faultline-parts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process that lives until it is ended. */
async function startSleeper() {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log('up')"], { detached: true });
  await once(child.stdout, "data");
  const pid = child.pid ?? 0;
  return { pid, startedAt: readProcessStart(pid) ?? "", ended: once(child, "exit") };
}

describe("an earlier run", () => {
  it("is ended when it is the same process still", async () => {
    const { pid, startedAt, ended } = await startSleeper();
    writeRunFile(folder, [{ name: "it", pid, startedAt }]);
    expect(endEarlierRun(folder)).toEqual([{ name: "it", pid, startedAt }]);
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect(endEarlierRun(folder)).toEqual([]);
  });

  it("whose process id belongs to another by now is left alone", async () => {
    const { pid, ended } = await startSleeper();
    writeRunFile(folder, [{ name: "it", pid, startedAt: "1" }]);
    expect(endEarlierRun(folder)).toEqual([]);
    process.kill(pid, 0);
    process.kill(pid, "SIGTERM");
    expect(await ended).toEqual([null, "SIGTERM"]);
  });

  it.each(["", "{", '{"processes":[{"pid":1}]}', '{"processes":[{"name":"init","pid":1,"startedAt":"0"}]}'])(
    "whose file reads %j has left nothing",
    (text) => {
      writeFileSync(join(folder, "run.json"), text);
      expect(endEarlierRun(folder)).toEqual([]);
    },
  );
});

describe("a process tree", () => {
  it("holds everything below its root, parents first", () => {
    const table = [
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 1],
      [6, 2],
    ].map(([pid = 0, parent = 0]) => ({ pid, parent }));
    expect(toTree(2, table)).toEqual([2, 3, 6, 4]);
    expect(toTree(9, table)).toEqual([9]);
  });

  it("ends whole, also a grandchild that has left the group", async () => {
    const script = `
      const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
      console.log(child.pid);
      setInterval(() => {}, 1000);`;
    const root = spawn(process.execPath, ["-e", script], { detached: true });
    const [output] = await once(root.stdout, "data");
    const grandchild = Number(output);
    expect(readProcessStart(grandchild)).not.toBeNull();
    const ended = once(root, "exit");
    signalTree(root.pid ?? 0, "SIGKILL");
    await ended;
    // Nobody of ours reaps it: it may stay for a moment as a zombie, but it runs no more.
    await expect.poll(() => isRunning(grandchild)).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return process.platform !== "linux" || !/^State:\s+Z/m.test(readStatus(pid));
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "State: Z";
  }
}

it("reads a stat line whose name holds blanks and brackets", () => {
  expect(toStatFields("7 (a) b (c)) S 1 7 7").slice(0, 3)).toEqual(["S", "1", "7"]);
});

describe("log files", () => {
  it("give the newest lines of both streams, in order of the time that they tell", () => {
    const logs = createLogFiles(folder, "both");
    appendFileSync(join(folder, "both.out"), '{"time":1700000000100,"msg":"a"}\n{"time":1700000000300,"msg":"c"}\n');
    appendFileSync(join(folder, "both.err"), "2023-11-14T22:13:20.200Z b\r\n");
    expect(logs.lines(2)).toEqual([
      { at: 1_700_000_000_200, stream: "stderr", text: "2023-11-14T22:13:20.200Z b" },
      { at: 1_700_000_000_300, stream: "stdout", text: '{"time":1700000000300,"msg":"c"}' },
    ]);
  });

  it("of what has written nothing are empty", () => {
    expect(createLogFiles(folder, "nobody").lines(10)).toEqual([]);
  });

  it("are emptied over their bound of 2 MiB, while the writer goes on", () => {
    const logs = createLogFiles(folder, "big");
    const path = join(folder, "big.out");
    appendFileSync(path, `${"x".repeat(99)}\n`.repeat(21_500));
    logs.mark();
    expect(statSync(path).size).toBe(0);
    appendFileSync(path, "after\n");
    expect(logs.lines(10).map(({ text }) => text)).toEqual(["after"]);
  });

  it("begin with a whole line where a long file is read from its middle", () => {
    const logs = createLogFiles(folder, "long");
    appendFileSync(join(folder, "long.out"), Array.from({ length: 30_000 }, (_, index) => `line ${index}\n`).join(""));
    const lines = logs.lines(1_000_000);
    expect(lines[0]?.text).toMatch(/^line \d+$/);
    expect(lines.at(-1)?.text).toBe("line 29999");
  });
});

it("finds ports that nobody holds, below those for outgoing connections", async () => {
  const ports = await findFreePorts(40);
  expect(new Set(ports).size).toBe(40);
  for (const port of ports) expect(port).toBeLessThan(32_768);
  const server = net.createServer().listen(ports[0], "127.0.0.1");
  await once(server, "listening");
  server.close();
});

it("hands a child the basics of the machine, none of the dashboard's own settings", () => {
  const environment = toChildEnvironment(
    { PATH: "/bin", HOME: "/h", FAULTLINE_KEY: "secret", NODE_ENV: "test" },
    { PORT: "1", HOME: "/own" },
  );
  expect(environment).toEqual({ PATH: expect.stringMatching(/:\/bin$/), HOME: "/own", PORT: "1" });
});

describe("the last words of a process", () => {
  const words = (...lines: string[]) => toLastWords(lines.map((text) => ({ text })));

  it("are the last line that speaks of an error", () => {
    expect(words("starting", "Error: Cannot find module '/x'", "    at load", "Node.js v24.21.0")).toBe(
      "Error: Cannot find module '/x'",
    );
    expect(words("initdb: error: could not write: No space left on device", "initdb: removing contents")).toMatch(
      /No space left/,
    );
  });

  it("are its last line where none does, and nothing where it said nothing", () => {
    expect(words("one", "two ")).toBe("two");
    expect(words()).toBeUndefined();
  });
});
