import { createSlidingSum } from "./sliding-sum.ts";

/** Calls as a breaker counts them. What counts as a call, and when, is up to its judge. */
export type Counts = { calls: number; failures: number; slow: number };
export type SlidingWindow = { add(counts: Counts, nowMs: number): void; counts(nowMs: number): Counts };

export const noCalls: Counts = { calls: 0, failures: 0, slow: 0 };

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    calls: one.calls + other.calls,
    failures: one.failures + other.failures,
    slow: one.slow + other.slow,
  };
}

/** What was counted in the last `windowMs`. */
export function createTimeWindow(windowMs: number): SlidingWindow {
  const calls = createSlidingSum(windowMs);
  const failures = createSlidingSum(windowMs);
  const slow = createSlidingSum(windowMs);
  return {
    add(counts, nowMs) {
      calls.add(counts.calls, nowMs);
      failures.add(counts.failures, nowMs);
      slow.add(counts.slow, nowMs);
    },
    counts: (nowMs) => ({ calls: calls.sum(nowMs), failures: failures.sum(nowMs), slow: slow.sum(nowMs) }),
  };
}

/** What was counted with the last `size` additions, however long ago. */
export function createCountWindow(size: number): SlidingWindow {
  const ring: Counts[] = [];
  let total = noCalls;
  let next = 0;
  return {
    add(counts) {
      // What counts for nothing takes no place.
      if (counts.calls === 0) return;
      const { calls, failures, slow } = ring[next] ?? noCalls;
      total = addCounts(addCounts(total, counts), { calls: -calls, failures: -failures, slow: -slow });
      ring[next] = counts;
      next = (next + 1) % size;
    },
    counts: () => total,
  };
}
