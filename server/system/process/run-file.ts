import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readProcessStart } from "./process-start.ts";
import { signalTree } from "./signal-tree.ts";

/** What a run has started, on disk, so that the next run can end what a killed dashboard left. */
const runFile = z.object({
  processes: z.array(z.object({ name: z.string(), pid: z.number().int().min(2), startedAt: z.string() })),
});
export type RunProcess = z.infer<typeof runFile>["processes"][number];

export function writeRunFile(folder: string, processes: RunProcess[]): void {
  const file = join(folder, "run.json");
  // Renamed into place: a dashboard that is killed while it writes leaves the old one whole.
  writeFileSync(`${file}.new`, JSON.stringify({ processes }));
  renameSync(`${file}.new`, file);
}

/** Kills what an earlier run left and is still the same process, and says what. A missing or broken file means nothing was left. */
export function endEarlierRun(folder: string): RunProcess[] {
  const file = join(folder, "run.json");
  let processes: RunProcess[];
  try {
    processes = runFile.parse(JSON.parse(readFileSync(file, "utf8"))).processes;
  } catch {
    return [];
  }
  const left = processes.filter(({ pid, startedAt }) => readProcessStart(pid) === startedAt);
  for (const { pid } of left) signalTree(pid, "SIGKILL");
  rmSync(file, { force: true });
  return left;
}
