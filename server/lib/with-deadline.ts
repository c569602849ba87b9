import { AppError } from "./app-error.ts";

/** The work's result, or a `timed_out` AppError with this sentence when it takes longer. The work itself is not stopped. */
export async function withDeadline<T>(work: Promise<T>, limitMs: number, sentence: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError("timed_out", sentence)), limitMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
