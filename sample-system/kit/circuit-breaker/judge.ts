import type { BreakerSettings } from "./settings.ts";
import type { Counts } from "./window.ts";

/**
 * Should these calls trip the breaker? Knows nothing of states or time. resilience4j's rules: below the minimum there is
 * no verdict; a rate *equal* to its threshold trips.
 * Returns why it trips, in words with numbers, or null.
 */
export function whyTrip(counts: Counts, minimumCalls: number, settings: BreakerSettings): string | null {
  const { calls, failures, slow } = counts;
  if (calls === 0 || calls < minimumCalls) return null;
  if (reaches(failures, calls, settings.failureRatePercent)) {
    return `${failures} of ${calls} failed, threshold ${settings.failureRatePercent} %`;
  }
  if (reaches(slow, calls, settings.slowRatePercent)) {
    return `${slow} of ${calls} slower than ${settings.slowCallMs} ms, threshold ${settings.slowRatePercent} %`;
  }
  return null;
}

/** A threshold of 0 % still needs one bad call. */
function reaches(bad: number, calls: number, thresholdPercent: number): boolean {
  return bad > 0 && bad * 100 >= thresholdPercent * calls;
}
