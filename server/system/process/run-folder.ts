import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../lib/app-error.ts";
import { readProcessStart } from "./process-start.ts";
import { endEarlierRun, type RunProcess, writeRunFile } from "./run-file.ts";

/*
 * The folder of one run:
 *   run.json       what was started, for the run that comes after a killed one
 *   logs/          each component's output; kept until the next run, to be read after a failure
 *   data/<id>/     each component's own data, gone with the run
 *   node-compile-cache/
 */
export type RunFolder = {
  logs: string;
  /** Where Node keeps compiled code over the runs: a component starts in two thirds of the time. */
  compileCache: string;
  data(component: string): string;
  /** Ends and removes what an earlier run left, and makes the folders; names what had still been running. Throws AppError. */
  prepare(): Promise<string[]>;
  remember(processes: RunProcess[]): void;
  remove(): void;
};

const GONE_WITHIN_MS = 2_000;

export function createRunFolder(folder: string): RunFolder {
  const logs = join(folder, "logs");
  return {
    logs,
    compileCache: join(folder, "node-compile-cache"),
    data: (component) => join(folder, "data", component),
    async prepare() {
      const ended = endEarlierRun(folder);
      const until = Date.now() + GONE_WITHIN_MS;
      // A killed process may still hold its files for a moment.
      while (ended.some(({ pid, startedAt }) => readProcessStart(pid) === startedAt) && Date.now() < until)
        await delay(20);
      try {
        rmSync(join(folder, "data"), { recursive: true, force: true, maxRetries: 3 });
        rmSync(logs, { recursive: true, force: true, maxRetries: 3 });
        mkdirSync(logs, { recursive: true });
        mkdirSync(join(folder, "data"), { recursive: true });
        writeRunFile(folder, []);
      } catch (error) {
        throw toFolderError(folder, error);
      }
      return ended.map(({ name }) => name);
    },
    remember: (processes) => writeRunFile(folder, processes),
    remove() {
      rmSync(join(folder, "data"), { recursive: true, force: true, maxRetries: 3 });
      rmSync(join(folder, "run.json"), { force: true });
    },
  };
}

/** What to do about a folder that cannot be written. */
export function toFolderError(folder: string, error: unknown): AppError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOSPC")
    return new AppError("unavailable", `The disk is full: free some space for ${folder} and start again.`, error);
  return new AppError(
    "unavailable",
    `The folder ${folder} cannot be written (${code ?? error}): give another by FAULTLINE_DATA.`,
    error,
  );
}
