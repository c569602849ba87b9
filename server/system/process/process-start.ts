import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process was started, in the operating system's own words: field 22 of /proc/<pid>/stat (ticks since boot), or
 * what `ps -o lstart=` prints; null when there is none by this id. The agent reads it in the same way, and compares.
 */
export function readProcessStart(pid: number): string | null {
  try {
    if (process.platform === "linux") return toStatFields(readFileSync(`/proc/${pid}/stat`, "utf8"))[19] ?? null;
    const output = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 5_000,
    });
    return output.trim() || null;
  } catch {
    // It has ended.
    return null;
  }
}

/** The fields of a stat line after the name, which may hold blanks and brackets; the first is the state, number 3. */
export function toStatFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
