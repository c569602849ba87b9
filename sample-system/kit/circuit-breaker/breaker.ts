import type { BreakerSettings } from "./settings.ts";
import type { Counts } from "./window.ts";

/** What a circuit breaker is to those who use, report and draw it; circuit-breaker.ts makes one. */
export type BreakerStateName = "closed" | "open" | "half_open" | "forced_open" | "forced_closed" | "disabled";

export type Permit = {
  /** The call ended. A call that took longer than `slowCallMs` is slow, whether it failed or not. */
  completed(outcome: { failed: boolean; durationMs: number }): void;
  /** The call never got an answer to judge: its caller gave up on it. */
  cancelled(): void;
};

export type Transition = {
  at: number;
  from: BreakerStateName;
  to: BreakerStateName;
  /** "opened: 14 of 20 failed, threshold 50 %" */
  reason: string;
  counts: Counts;
};

export type BreakerSnapshot = {
  name: string;
  state: BreakerStateName;
  /** Epoch ms. */
  since: number;
  reason: string;
  /** closed: the window; open: what it was decided on; half_open: the probes. */
  counts: Counts;
  refused: number;
  openUntil?: number;
  probes?: number;
  settings: BreakerSettings;
};

export type CircuitBreaker = {
  /** A permit, or null: refused. */
  acquire(): Permit | null;
  /** Closed, with nothing counted, as in the beginning; a forced or disabled one stays so. */
  reset(): void;
  /** Takes effect at once; a change of mode, rules or window begins with no calls counted. */
  configure(settings: BreakerSettings): void;
  snapshot(): BreakerSnapshot;
  /** Stops the timer. */
  close(): void;
};
