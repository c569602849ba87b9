// The product as a person starts it: the launcher behind `npm start`, on a port and a data folder of its own.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CommandInput, CommandName } from "#contract/commands.ts";
import type { RuntimeKind, Snapshot } from "#contract/state.ts";
import type { Trace, TraceSummary } from "#contract/traces.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const START_LIMIT_MS = 180_000;

export type Product = {
  url: string;
  port: number;
  dataFolder: string;
  /** From the launch to a running system. */
  startMs: number;
  state(): Promise<Snapshot>;
  command<N extends CommandName>(name: N, input: CommandInput<N>): Promise<Record<string, unknown>>;
  traces(query: Record<string, string | number>): Promise<TraceSummary[]>;
  trace(traceId: string): Promise<Trace>;
  /** The dashboard neither answers nor takes in anything, until what this gives is called. */
  freezeDashboard(): () => void;
  /** SIGKILL to the dashboard itself, as a crash would be. */
  killDashboard(): Promise<void>;
  /** Ctrl-C. Answers how long it took to end. */
  stop(): Promise<number>;
  output(): string;
};

export async function startProduct(
  runtime: RuntimeKind,
  options: { port?: number; dataFolder?: string; shape?: string | undefined } = {},
): Promise<Product> {
  const port = options.port ?? (await freePort());
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), "faultline-e2e-")));
  const url = `http://127.0.0.1:${port}`;
  const startedAt = Date.now();
  const shape = options.shape === undefined ? [] : ["--shape", options.shape];
  const args = ["scripts/start.mjs", "--runtime", runtime, "--port", String(port), ...shape];
  const launcher = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, FAULTLINE_DATA: dataFolder, NODE_OPTIONS: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-64 * 1024);
    });
  }
  const ended = new Promise<void>((resolve) => launcher.once("close", () => resolve()));

  const state = async (): Promise<Snapshot> => (await (await fetch(`${url}/api/state`)).json()) as Snapshot;
  await until("the system runs", START_LIMIT_MS, async () => {
    if (launcher.exitCode !== null) throw new Error(`npm start ended with ${launcher.exitCode}:\n${output}`);
    const snapshot = await state().catch(() => null);
    return snapshot?.system.status === "running";
  }).catch((error: Error) => {
    throw new Error(`${error.message}\n${output}`);
  });

  return {
    url,
    port,
    dataFolder,
    startMs: Date.now() - startedAt,
    state,
    output: () => output,
    command: async (name, input) => {
      const answer = await fetch(`${url}/api/commands/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(input),
      });
      return (await answer.json()) as Record<string, unknown>;
    },
    traces: async (query) => {
      const parameters = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
      return (await (await fetch(`${url}/api/traces?${parameters}`)).json()) as TraceSummary[];
    },
    trace: async (traceId) => (await (await fetch(`${url}/api/traces/${traceId}`)).json()) as Trace,
    freezeDashboard: () => {
      const dashboard = childOf(launcher);
      process.kill(dashboard, "SIGSTOP");
      return () => process.kill(dashboard, "SIGCONT");
    },
    killDashboard: async () => {
      process.kill(childOf(launcher), "SIGKILL");
      await ended;
    },
    stop: async () => {
      const began = Date.now();
      launcher.kill("SIGINT");
      await ended;
      const took = Date.now() - began;
      await rm(dataFolder, { recursive: true, force: true });
      return took;
    },
  };
}

/** Waits until `holds` answers true, asking every 50 ms; answers the milliseconds that it took. */
export async function until(what: string, limitMs: number, holds: () => Promise<boolean>): Promise<number> {
  const began = Date.now();
  for (;;) {
    if (await holds()) return Date.now() - began;
    if (Date.now() - began > limitMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function childOf(launcher: ChildProcess): number {
  const pid = launcher.pid;
  const children = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid);
  const child = children[0]?.[0];
  if (!child) throw new Error("the launcher has no child");
  return child;
}

/** Command lines of all processes whose environment names this data folder (Linux only). */
export function processesUsing(dataFolder: string): string[] {
  const pids = execFileSync("ps", ["-A", "-o", "pid="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim());
  return pids.filter((pid) => {
    try {
      return (
        pid !== "" && pid !== String(process.pid) && readFileSync(`/proc/${pid}/environ`, "utf8").includes(dataFolder)
      );
    } catch {
      return false;
    }
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (!address || typeof address === "string") throw new Error("no port");
  return address.port;
}
