import { AsyncLocalStorage } from "node:async_hooks";

/*
 * How long the one whom we work for still waits. It is passed on as what is left, so that clocks need not agree:
 *
 *   caller ── x-deadline-ms: 1200 ──▶ server ── workUntil ──▶ handler ── timeLeftMs ──▶ its own calls wait no longer
 *
 * Work whose time is over is not begun: nobody would read the answer.
 */
export const DEADLINE_HEADER = "x-deadline-ms";

/** When it is over, on the clock of performance.now(). */
const deadline = new AsyncLocalStorage<number>();

/** Nobody waits for the answer any more. */
export class DeadlinePassedError extends Error {
  override name = "DeadlinePassedError";
}

/** The time, on the clock of performance.now(), that a header means; undefined when there is none, or no sense in it. */
export function toDeadline(header: string | string[] | undefined): number | undefined {
  const leftMs = typeof header === "string" && header !== "" ? Number(header) : Number.NaN;
  return Number.isFinite(leftMs) ? performance.now() + leftMs : undefined;
}

/** Runs `work` under this deadline, or an earlier one that holds already. Throws DeadlinePassedError when it has passed. */
export function workUntil<T>(until: number | undefined, work: () => T): T {
  const earliest = Math.min(until ?? Number.POSITIVE_INFINITY, deadline.getStore() ?? Number.POSITIVE_INFINITY);
  if (earliest === Number.POSITIVE_INFINITY) return work();
  if (earliest <= performance.now()) throw new DeadlinePassedError("the time that our caller gave us is over");
  return deadline.run(earliest, work);
}

/** Milliseconds until the deadline of the work that this is part of, 0 when it has passed; undefined when it has none. */
export function timeLeftMs(): number | undefined {
  const until = deadline.getStore();
  return until === undefined ? undefined : Math.max(0, until - performance.now());
}
