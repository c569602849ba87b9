/**
 * The completed calls of the last `windowMs`, counted in a ring of buckets, so memory and cost do not grow with traffic.
 * A call leaves the counts between 9/10 and 10/10 of the window after it ended.
 *
 *   record ─▶ [b0][b1]…[b9] ─▶ counts      a bucket is emptied when its turn comes again
 */
export type Counts = { calls: number; failures: number; slow: number };
export type Outcome = { failed: boolean; slow: boolean };
export type SlidingWindow = { record(outcome: Outcome, nowMs: number): void; counts(nowMs: number): Counts };

const BUCKETS = 10;

export const noCalls: Counts = { calls: 0, failures: 0, slow: 0 };

export function addOutcome(counts: Counts, outcome: Outcome): Counts {
  return {
    calls: counts.calls + 1,
    failures: counts.failures + (outcome.failed ? 1 : 0),
    slow: counts.slow + (outcome.slow ? 1 : 0),
  };
}

export function createWindow(windowMs: number): SlidingWindow {
  const bucketMs = windowMs / BUCKETS;
  const buckets = Array.from({ length: BUCKETS }, () => ({ turn: -1, counts: noCalls }));

  return {
    record(outcome, nowMs) {
      const turn = Math.floor(nowMs / bucketMs);
      const bucket = buckets[turn % BUCKETS];
      if (!bucket) return;
      bucket.counts = addOutcome(bucket.turn === turn ? bucket.counts : noCalls, outcome);
      bucket.turn = turn;
    },
    counts(nowMs) {
      const turn = Math.floor(nowMs / bucketMs);
      const sum = { ...noCalls };
      for (const bucket of buckets) {
        if (bucket.turn <= turn - BUCKETS || bucket.turn > turn) continue;
        sum.calls += bucket.counts.calls;
        sum.failures += bucket.counts.failures;
        sum.slow += bucket.counts.slow;
      }
      return sum;
    },
  };
}
