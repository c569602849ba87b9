import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { clusterName } from "./cluster.ts";
import { processTable, type RunningProcess } from "./process-table.ts";

/** As long as a server's children may take to die; they need some milliseconds. */
const GONE_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 5;

/**
 * Clears what a killed server left. Its children outlive it for a moment (for ever, if they were paused) and Postgres
 * refuses to start beside them; its postmaster.pid names a pid that may be somebody else's by now, and Postgres would
 * believe it. So the process table decides, not the file.
 */
export async function clearLeftovers(cluster: string): Promise<void> {
  const lock = join(cluster, "postmaster.pid");
  if (!existsSync(lock)) return;
  const deadline = Date.now() + GONE_WITHIN_MS;
  for (;;) {
    const { server, children } = processesOf(cluster, processTable());
    if (server) throw new Error(`already runs on ${cluster} as process ${server}`);
    if (children.length === 0) break;
    if (Date.now() > deadline)
      throw new Error(`processes ${children.join(", ")} of the last run do not end; kill them`);
    for (const pid of children) killIfThere(pid);
    await wait(LOOK_EVERY_MS);
  }
  rmSync(lock, { force: true });
}

/** Postgres titles its children `postgres: <cluster name>: <role>`; the server itself keeps its command line. */
export function processesOf(
  cluster: string,
  table: RunningProcess[],
): { server: number | undefined; children: number[] } {
  const title = `postgres: ${clusterName(cluster)}: `;
  return {
    server: table.find(({ command }) => command.includes(`postgres -D ${cluster} `))?.pid,
    children: table.filter(({ command }) => command.startsWith(title)).map(({ pid }) => pid),
  };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
