import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Snapshot } from "#contract/state.ts";

/* The dashboard's own process, over real local processes: the smallest system there is. */
const root = resolve(import.meta.dirname, "../..");
const pair = join(root, "tests/fixtures/pair/docker-compose.yml");
const LIMIT_MS = 30_000;

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function start(argv: string[], environment: Record<string, string> = {}) {
  const dataFolder = await mkdtemp(join(tmpdir(), "faultline-main-"));
  const child: ChildProcess = spawn(process.execPath, ["server/main.ts", "--runtime", "process", ...argv], {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_ENV: "production", FAULTLINE_DATA: dataFolder, ...environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
  // Not its "close": that never comes to a parent that has cut the channel itself.
  const outputEnds = [child.stdout, child.stderr].map((stream) => stream && once(stream, "close"));
  const ended = once(child, "exit").then(async ([code]: (number | null)[]) => {
    await Promise.all(outputEnds);
    return code;
  });
  ends.push(async () => {
    // Asked, not killed: only then does it end what it has started.
    child.kill("SIGTERM");
    await ended;
    await rm(dataFolder, { recursive: true, force: true });
  });
  return { child, ended, dataFolder, output: () => output };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("the dashboard's process", () => {
  test.each(["disconnect", "SIGINT"] as const)(
    "starts a system, and on %s leaves nothing behind",
    async (way) => {
      const { child, ended, output, dataFolder } = await start(["--compose", pair, "--port", "0"]);
      await vi.waitFor(() => expect(output()).toContain("local processes, 4 components"), LIMIT_MS);
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0] ?? "";
      const state = async () => (await (await fetch(`${url}/api/state`)).json()) as Snapshot;
      await vi.waitFor(async () => {
        expect((await state()).system).toMatchObject({ status: "running", runtime: "process", agent: "up" });
      });
      await vi.waitFor(async () => {
        const logs = await (await fetch(`${url}/api/components/ticker/logs?lines=1`)).json();
        expect(logs).toHaveLength(1);
      });

      const body = JSON.stringify({ component: "back" });
      await fetch(`${url}/api/commands/component:kill`, { method: "POST", body });
      await vi.waitFor(async () => {
        expect((await state()).components.back).toMatchObject({ state: "killed", exitCode: 137 });
      });

      const runFile = join(dataFolder, `faultline-${new URL(url).port}`, "run.json");
      const { processes } = JSON.parse(await readFile(runFile, "utf8")) as { processes: { pid: number }[] };
      const pids = processes.map(({ pid }) => pid);
      expect(pids.filter(isAlive)).toEqual(pids);
      expect(pids.length).toBeGreaterThan(2);
      if (way === "disconnect") child.disconnect();
      else child.kill(way);
      expect(await ended).toBe(0);
      expect(pids.filter(isAlive)).toEqual([]);
    },
    60_000,
  );

  test("a taken port is one sentence, and nothing is started", async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const { port } = other.address() as AddressInfo;
    const { ended, output } = await start(["--compose", pair, "--port", String(port)]);
    expect(await ended).toBe(1);
    other.close();
    expect(output().trim()).toBe(`Port ${port} is taken; choose another: PORT=${port + 1} npm start`);
  });

  test("a shape that is not there is one sentence", async () => {
    const { ended, output } = await start(["--compose", pair, "--shape", "ring", "--port", "0"]);
    expect(await ended).toBe(1);
    expect(output()).toContain('There is no shape "ring"');
    expect(output().trim().split("\n")).toHaveLength(1);
  });

  test("a compose file that is none is one sentence", async () => {
    const { ended, output } = await start(["--compose", join(root, "package.json"), "--port", "0"]);
    expect(await ended).toBe(1);
    expect(output().trim().split("\n")).toHaveLength(1);
    expect(output()).toContain("package.json");
  });

  test("bound to a network it makes a key and prints it with the address", async () => {
    const { output } = await start(["--compose", pair, "--port", "0", "--host", "0.0.0.0"]);
    const find = () => /(http:\/\/127\.0\.0\.1:\d+)\/\?key=([\w-]{20,})/.exec(output());
    await vi.waitFor(() => expect(find()).not.toBeNull(), LIMIT_MS);
    const [, url = "", key = ""] = find() ?? [];
    expect((await fetch(`${url}/api/state`)).status).toBe(401);
    expect((await fetch(`${url}/api/state`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
  });
});
