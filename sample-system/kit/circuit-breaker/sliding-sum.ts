/**
 * The sum of what was added in the last `windowMs`, kept in a ring of buckets, so memory and cost do not grow with traffic.
 * What was added leaves the sum between 9/10 and 10/10 of the window later.
 *
 *   add ─▶ [b0][b1]…[b9] ─▶ sum      a bucket is emptied when its turn comes again
 */
export type SlidingSum = { add(amount: number, nowMs: number): void; sum(nowMs: number): number };

const BUCKETS = 10;

export function createSlidingSum(windowMs: number): SlidingSum {
  const bucketMs = windowMs / BUCKETS;
  const buckets = Array.from({ length: BUCKETS }, () => ({ turn: -1, amount: 0 }));

  return {
    add(amount, nowMs) {
      const turn = Math.floor(nowMs / bucketMs);
      const bucket = buckets[turn % BUCKETS];
      if (!bucket) return;
      bucket.amount = (bucket.turn === turn ? bucket.amount : 0) + amount;
      bucket.turn = turn;
    },
    sum(nowMs) {
      const turn = Math.floor(nowMs / bucketMs);
      return buckets
        .filter((bucket) => bucket.turn > turn - BUCKETS && bucket.turn <= turn)
        .reduce((total, { amount }) => total + amount, 0);
    },
  };
}
