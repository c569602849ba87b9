import type { Health } from "#contract/state.ts";
import type { RedReading } from "../telemetry/red-window.ts";

/*
 * What is usual here: the p95 of calm times, learned slowly.
 *
 *   calm (no fault, all run, no breaker open) for a while ─▶ every 2 s: p95 since calm began ─▶ moving average
 *
 * A fault is never learned. A change that stays without any fault is taken for the new normal, ten times more slowly.
 */
export const LEARN_EVERY_MS = 2_000;
/** Calm must have lasted so long, and no more than so much of it is looked at. */
export const CALM_SECONDS = { min: 5, max: 25 } as const;
const MIN_CALLS = 10;
/** How far the average moves towards what is seen. A cold start is slow: becoming faster is believed sooner. */
const WEIGHT = { faster: 0.3, usual: 0.1, unusual: 0.01 } as const;

/** The steady p95 in ms after one look, null while too few calls were seen. */
export function nextSteadyMs(
  steadyMs: number | null,
  { count, errors, p95Ms }: RedReading,
  health: Health,
): number | null {
  if (count < MIN_CALLS || errors > 0 || p95Ms === null) return steadyMs;
  if (steadyMs === null) return p95Ms;
  const weight = p95Ms < steadyMs ? WEIGHT.faster : health === "ok" ? WEIGHT.usual : WEIGHT.unusual;
  return steadyMs + (p95Ms - steadyMs) * weight;
}

type Pupil = { steadyMs: number | null; read(nowMs: number, seconds: number): RedReading };

/** Called with every picture; looks only when calm has lasted, and only so often. */
export function createLearner() {
  let calmSince: number | null = null;
  let learnedAt = 0;

  return (nowMs: number, calm: boolean, pupils: Iterable<readonly [Pupil, Health]>): void => {
    calmSince = calm ? (calmSince ?? nowMs) : null;
    if (calmSince === null || nowMs - learnedAt < LEARN_EVERY_MS) return;
    const seconds = Math.min(Math.floor((nowMs - calmSince) / 1_000), CALM_SECONDS.max);
    if (seconds < CALM_SECONDS.min) return;
    learnedAt = nowMs;
    for (const [pupil, health] of pupils) {
      pupil.steadyMs = nextSteadyMs(pupil.steadyMs, pupil.read(nowMs, seconds), health);
    }
  };
}
