import { spawn } from "node:child_process";
import { findDockerHost } from "./docker-host.ts";
import { noDockerCommand, toComposeError } from "./to-docker-error.ts";

/** How much of the output is kept for the error sentence. */
const MOST_OUTPUT_CHARS = 64 * 1024;

export type ComposeOptions = { project: string; files: string[]; cwd: string; signal: AbortSignal };

/** Runs `docker compose <args>` to its end. Rejects with an AppError, or with the signal's reason once it is aborted. */
export function compose(doing: string, args: string[], { project, files, cwd, signal }: ComposeOptions): Promise<void> {
  const fileArgs = files.flatMap((file) => ["-f", file]);
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn("docker", ["compose", "-p", project, ...fileArgs, ...args], {
      cwd,
      env: { ...process.env, DOCKER_HOST: findDockerHost(process.env), COMPOSE_IGNORE_ORPHANS: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      // Compose is a child of the docker command: only its group reaches both.
      detached: process.platform !== "win32",
    });
    let output = "";
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString("utf8")).slice(-MOST_OUTPUT_CHARS);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const abort = () => {
      // It never began; and group 0 would be our own.
      if (child.pid === undefined) return;
      try {
        process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
      } catch {
        // It has just ended.
      }
    };
    signal.addEventListener("abort", abort, { once: true });
    child.once("error", (error) => {
      signal.removeEventListener("abort", abort);
      reject(noDockerCommand(error));
    });
    child.once("close", (code) => {
      signal.removeEventListener("abort", abort);
      if (signal.aborted) reject(signal.reason);
      else if (code === 0) resolve();
      else reject(toComposeError(doing, output));
    });
  });
}
