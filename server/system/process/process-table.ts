import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { toStatFields } from "./process-start.ts";

/** One process, with what it has used: CPU as seconds since its start, or as a share right now where the system says only that. */
export type ProcessRow = { pid: number; parent: number; cpuSeconds?: number; cpuRatio?: number; memoryBytes?: number };

/** What Linux counts processor time in; 100 on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;
const PS_OPTIONS = { encoding: "utf8", timeout: 5_000, maxBuffer: 16 * 1024 * 1024 } as const;

/** Every process of this machine, as it is now. Windows has no cheap way to say; there it is empty. */
export function readProcessTable(): ProcessRow[] {
  if (process.platform === "linux") return fromProc();
  return process.platform === "win32" ? [] : fromPs();
}

/** `pid` and everything below it, parents before their children. A child may have left its parent's group: only this finds it. */
export function toTree(pid: number, table: ProcessRow[]): number[] {
  const children = Map.groupBy(table, ({ parent }) => parent);
  const tree = [pid];
  for (const parent of tree) for (const child of children.get(parent) ?? []) tree.push(child.pid);
  return tree;
}

/**
 * Resident bytes of one process tree on Linux. Pages that all share (the code, a database's buffers) count once: each
 * process's private memory, plus the largest shared part. Null elsewhere.
 */
export function readTreeMemory(tree: number[]): number | null {
  if (process.platform !== "linux") return null;
  let privateBytes = 0;
  let sharedBytes = 0;
  for (const pid of tree) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const kilobytes = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
      privateBytes += kilobytes("RssAnon") * 1024;
      sharedBytes = Math.max(sharedBytes, (kilobytes("RssFile") + kilobytes("RssShmem")) * 1024);
    } catch {
      // It has ended since the table was read.
    }
  }
  return privateBytes + sharedBytes;
}

function fromProc(): ProcessRow[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const fields = toStatFields(readFileSync(`/proc/${name}/stat`, "utf8"));
      const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
      return [{ pid: Number(name), parent: Number(fields[1]), cpuSeconds }];
    } catch {
      // It has ended since the folder was read.
      return [];
    }
  });
}

function fromPs(): ProcessRow[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,rss=,pcpu="], PS_OPTIONS).trim().split("\n");
  return lines.map((line) => {
    const [pid, parent, kilobytes, percent] = line.trim().split(/\s+/).map(Number);
    return { pid: pid ?? 0, parent: parent ?? 0, memoryBytes: (kilobytes ?? 0) * 1024, cpuRatio: (percent ?? 0) / 100 };
  });
}
