import { spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { constants } from "node:os";
import type { LogFiles } from "./log-files.ts";
import { readProcessStart } from "./process-start.ts";
import { send } from "./signal-tree.ts";

/** One process that this dashboard started: in a group of its own, its output in files, so that it can outlive the dashboard. */
export type Child = {
  pid: number;
  startedAt: string;
  /** The exit code as a shell sees it (128 + signal), once it and its group have ended. */
  ended: Promise<number | null>;
};

export type ChildOptions = { argv: string[]; cwd: string; environment: Record<string, string>; logs: LogFiles };

/** Rejects when the command cannot be run at all. */
export async function startChild({ argv, cwd, environment, logs }: ChildOptions): Promise<Child> {
  const [command = "", ...args] = argv;
  const { stdout, stderr } = logs.open();
  const child = spawn(command === "node" ? process.execPath : command, args, {
    cwd,
    env: environment as NodeJS.ProcessEnv,
    detached: true,
    stdio: ["ignore", stdout, stderr],
    windowsHide: true,
  });
  closeSync(stdout);
  closeSync(stderr);
  const ended = new Promise<number | null>((resolve) => {
    child.once("exit", (code, signal) => {
      if (child.pid !== undefined) send(-child.pid, "SIGKILL");
      resolve(signal ? 128 + (constants.signals[signal] ?? 0) : code);
    });
  });
  await new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  const pid = child.pid ?? 0;
  return { pid, startedAt: readProcessStart(pid) ?? "", ended };
}
