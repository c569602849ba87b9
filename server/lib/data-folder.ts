import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "./app-error.ts";

/** Enough for logs, journals and small databases of one run to begin. */
const PROBE_BYTES = 1024 * 1024;

/** Makes the folder and proves that it can be written; otherwise one sentence that says what to do. */
export async function openDataFolder(folder: string): Promise<void> {
  const probe = join(folder, `.probe-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, Buffer.alloc(PROBE_BYTES));
  } catch (error) {
    if (isDiskFull(error)) throw toDiskFullError(folder, error);
    throw new AppError("internal", `${folder} cannot be written; set FAULTLINE_DATA to a folder that can.`, error);
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}

export function toDiskFullError(folder: string, cause: unknown): AppError {
  return new AppError("internal", `The disk of ${folder} is full; free some space and start again.`, cause);
}

/** Whether a full disk is at the root of this error. */
export function isDiskFull(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT") return true;
  }
  return false;
}
