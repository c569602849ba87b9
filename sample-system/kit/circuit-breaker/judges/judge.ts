import type { BreakerSettings } from "../settings.ts";
import type { Counts, SlidingWindow } from "../window.ts";

/** How a call ended. `cancelled`: its own caller gave up on it, so there is no answer to judge. */
export type Ending = { how: "succeeded" | "failed" | "cancelled"; slow: boolean };

/** What becomes of a half-open breaker: it waits for more, or leaves, for the reason told in words with numbers. */
export type Verdict = "wait" | "free_place" | { to: "closed" | "open"; why: string };

/**
 * The rules of one library: what is counted, and when that is bad enough. It knows nothing of states; the machine
 * (circuit-breaker.ts) asks it, and keeps the time.
 */
export type Judge = {
  createWindow(settings: BreakerSettings): SlidingWindow;
  /** What the window is told of a call that asks for a permit, granted or refused. */
  asked: Counts;
  /** What it is told of a call that ended. */
  counted(ending: Ending): Counts;
  /** Why a closed breaker opens, in words with numbers, or null. `last` has just ended; undefined when judged by the clock. */
  whyOpen(counts: Counts, settings: BreakerSettings, last?: Ending): string | null;
  /** Judged at every full multiple of so many ms while there are calls in the window; without it, after each call. */
  judgedEveryMs?: number;
  /** Whether a call that comes `waitedMs` after the opening half-opens it; without it, a timer does, with no call needed. */
  mayHalfOpen?(waitedMs: number, settings: BreakerSettings): boolean;
  /** How many calls may pass when half-open. */
  probes(settings: BreakerSettings): number;
  /** After each end of a call while half-open; `done` are those that ended, this one included. */
  judgeProbes(done: Counts, settings: BreakerSettings, last: Ending): Verdict;
  /** Whether a call that began in an earlier state is counted and judged where it ends. */
  countsLateAnswers: boolean;
  /** Whether the window begins anew when the breaker closes. */
  forgetsOnClose: boolean;
};
