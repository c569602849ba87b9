import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export type ParentOf = { pid: number; parent: number };

/** Every process and its parent, as it is now. */
export function readProcesses(): ParentOf[] {
  return process.platform === "linux" ? fromProc() : fromPs();
}

/** The ids below `pid`, parents before their children. */
export function toDescendants(pid: number, processes: ParentOf[]): number[] {
  const found = [pid];
  for (const parent of found) {
    for (const child of processes) if (child.parent === parent && !found.includes(child.pid)) found.push(child.pid);
  }
  return found.slice(1);
}

function fromProc(): ParentOf[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      // "pid (name) state parent …"; the name may hold blanks and brackets.
      const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
      return [{ pid: Number(name), parent: Number(parent) }];
    } catch {
      // It has ended since the folder was read.
      return [];
    }
  });
}

function fromPs(): ParentOf[] {
  const options = { encoding: "utf8", timeout: 5_000, maxBuffer: 16 * 1024 * 1024 } as const;
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], options).trim().split("\n");
  return lines.map((line) => {
    const [pid, parent] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent) };
  });
}
