import { CallError } from "./call-error.ts";
import type { TimeLimit } from "./time-limit.ts";

export type Patience = {
  limit: TimeLimit;
  /** When our own caller has gone. */
  signal?: AbortSignal | undefined;
  /** Tells the work that nobody waits for it any more, where it can be told. */
  abandon?(): void;
};

/** What `work` gives; a CallError `timed_out` or `cancelled` when patience ends first. */
export function untilLimit<T>(callee: string, work: Promise<T>, { limit, signal, abandon }: Patience): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (error: CallError) => {
      finish();
      reject(error);
      abandon?.();
    };
    const onAbort = () => giveUp(new CallError(callee, "cancelled", `the caller of ${callee} has gone`));
    const stopClock = limit((timeoutMs) =>
      giveUp(new CallError(callee, "timed_out", `${callee} did not answer within ${timeoutMs} ms`, { timeoutMs })),
    );
    const finish = () => {
      stopClock();
      signal?.removeEventListener("abort", onAbort);
    };
    signal?.addEventListener("abort", onAbort);
    work.then(resolve, reject).finally(finish);
    if (signal?.aborted) onAbort();
  });
}
