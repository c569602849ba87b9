import { execFileSync } from "node:child_process";
import { readProcessTable, toTree } from "./process-table.ts";

/** While it is being stopped a process may still make children; each round reaches those of the round before. */
const MOST_ROUNDS = 5;

/** Sends a signal to one process and everything below it. Those that have ended meanwhile are passed over. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === "win32") {
    endOnWindows(pid);
    return;
  }
  const reached = new Set<number>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const fresh = toTree(pid, readProcessTable()).filter((member) => !reached.has(member));
    if (fresh.length === 0) break;
    for (const member of fresh) {
      reached.add(member);
      send(member, signal);
    }
    // Once its parent is dead a child is found by nobody: SIGKILL has one round, and the group for those just born.
    if (signal === "SIGKILL") break;
  }
  if (signal === "SIGKILL") send(-pid, signal);
}

/** False when there is no such process or group. */
export function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}

function endOnWindows(pid: number): void {
  try {
    execFileSync("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore", timeout: 5_000 });
  } catch {
    // It has ended by itself.
  }
}
