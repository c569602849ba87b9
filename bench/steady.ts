// What Corner Shop takes of the machine while nothing is broken, in each runtime that this machine has:
//   memory at 20 requests/s · CPU, users' success and users' p95 over two minutes at 50 requests/s
// CPU is told twice: of the components, as the dashboard measures them, and of the whole machine, with the dashboard, the agent
// and whatever else runs. `npm run bench -- steady`, or `node bench/steady.ts process`.
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import type { RuntimeKind, Snapshot } from "#contract/state.ts";
import { type Product, startProduct, until } from "../tests/e2e/product.ts";

const MEMORY_LOAD = 20;
const STEADY_LOAD = 50;
const WARM_UP_MS = 30_000;
const MEASURE_MS = 120_000;
/** The users' view looks so far back: windows that do not overlap. */
const WINDOW_MS = 10_000;

const only = process.argv[2];
const hasDocker = () => spawnSync("docker", ["info"], { stdio: "ignore" }).status === 0;
const runtimes: RuntimeKind[] = ["process"];
if (only !== "process" && hasDocker()) runtimes.push("docker");

for (const runtime of runtimes.filter((name) => !only || name === only)) {
  const product = await startProduct(runtime);
  try {
    await product.command("policy:preset", { name: "hardened" });
    await until("users are served", 60_000, async () => ((await product.state()).user.successRatio ?? 0) >= 0.99);
    const memory = await measureMemory(product, runtime);
    const steady = await measureSteady(product);
    console.log(`\nruntime ${runtime} (${cpus().length} × ${cpus()[0]?.model.trim()})`);
    console.table(
      Object.fromEntries(Object.entries({ ...memory, ...steady }).map(([name, value]) => [name, { value }])),
    );
  } finally {
    await product.stop();
  }
}

async function measureMemory(product: Product, runtime: RuntimeKind): Promise<Record<string, number>> {
  await product.command("load:set", { ratePerSecond: MEMORY_LOAD });
  await wait(WARM_UP_MS);
  const components = Object.values((await product.state()).components);
  const figures: Record<string, number> = {
    [`memory at ${MEMORY_LOAD}/s, ${components.length} components, MB`]: toMb(sum(components, (c) => c.memoryBytes)),
  };
  if (runtime === "docker" || process.platform !== "linux") return figures;
  const ids = new Set(components.map(({ id }) => id));
  const roots = readRun(product.dataFolder).filter(({ name }) => ids.has(name));
  const pids = roots.flatMap(({ pid }) => toTree(pid));
  figures["  the same, sum of PSS, MB"] = toMb(sum(pids, (pid) => readRollup(pid, "Pss")));
  figures["  the same, sum of RSS (shared pages counted once for each process), MB"] = toMb(
    sum(pids, (pid) => readRollup(pid, "Rss")),
  );
  return figures;
}

async function measureSteady(product: Product): Promise<Record<string, number>> {
  await product.command("load:set", { ratePerSecond: STEADY_LOAD });
  await wait(WARM_UP_MS);
  const before = readBusy();
  const users: Snapshot["user"][] = [];
  const cores: number[] = [];
  for (const end = Date.now() + MEASURE_MS; Date.now() < end; ) {
    await wait(WINDOW_MS);
    const { user, components } = await product.state();
    users.push(user);
    cores.push(sum(Object.values(components), (c) => c.cpuRatio));
  }
  const after = readBusy();
  const requests = sum(users, (user) => user.ratePerSecond);
  const waits = users.map(({ p95Ms }) => p95Ms ?? Number.NaN).sort((a, b) => a - b);
  return {
    [`at ${STEADY_LOAD}/s: requests/s seen`]: round(requests / users.length),
    "  users' success, %": round(
      (sum(users, (user) => user.ratePerSecond * (user.successRatio ?? 0)) / requests) * 100,
    ),
    "  users' p95, ms, median of 12 windows": round(waits[Math.floor(waits.length / 2)] ?? Number.NaN),
    "  users' p95, ms, worst of 12 windows": round(waits.at(-1) ?? Number.NaN),
    "  CPU of the components, cores": round(sum(cores, (value) => value) / cores.length),
    "  CPU of the whole machine, % of all cores": round(((after.busy - before.busy) / (after.all - before.all)) * 100),
    "  load average at the end (1 min)": round(loadavg()[0] ?? Number.NaN),
  };
}

function readBusy(): { busy: number; all: number } {
  const times = cpus().map(({ times }) => times);
  const all = sum(times, ({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq);
  return { all, busy: all - sum(times, ({ idle }) => idle) };
}

function readRun(dataFolder: string): { name: string; pid: number }[] {
  const file = readdirSync(dataFolder, { recursive: true, encoding: "utf8" }).find((path) => path.endsWith("run.json"));
  if (!file) throw new Error("the process runtime has written no run.json");
  return (JSON.parse(readFileSync(join(dataFolder, file), "utf8")) as { processes: { name: string; pid: number }[] })
    .processes;
}

/** A process and everything that it started. */
function toTree(root: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [root];
  for (const parent of tree) for (const [pid, ppid] of table) if (pid && ppid === parent) tree.push(pid);
  return tree;
}

/** Bytes; 0 for a process that has ended meanwhile. */
function readRollup(pid: number, field: "Pss" | "Rss"): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function sum<T>(items: T[], of: (item: T) => number | undefined): number {
  return items.reduce((total, item) => total + (of(item) ?? 0), 0);
}

function toMb(bytes: number): number {
  return Math.round(bytes / 1e6);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
