import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Replaces this process by another program, which keeps its pid and so gets every signal itself. Where Node cannot
 * (before 22.15, or on Windows), runs it as a child, hands it the signals, and ends as it ends; a SIGKILL or SIGSTOP then
 * hits only this process.
 */
export function becomeProcess(file: string, arguments_: string[]): void {
  const env = { ...process.env, LC_ALL: "C" };
  if (process.execve && process.platform !== "win32") {
    // Its warning would be printed on the next tick, which never comes.
    process.execve(file, [file, ...arguments_], env);
  }
  const child = spawn(file, arguments_, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGQUIT", "SIGHUP"] as const)
    process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`postgres: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
}
