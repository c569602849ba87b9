import { createSlidingSum } from "../circuit-breaker/sliding-sum.ts";

const WINDOW_MS = 10_000;

/** Keeps retries to a share of the calls of the last ten seconds: what is broken gets no more than that on top of its load. */
export type RetryBudget = {
  /** A call was begun, whatever becomes of it. */
  called(): void;
  /** Whether one more retry fits into `percent` of the calls; if so it is spent. 100 and more: as many as anyone likes. */
  spend(percent: number): boolean;
};

export function createRetryBudget(now: () => number = Date.now): RetryBudget {
  const calls = createSlidingSum(WINDOW_MS);
  const retries = createSlidingSum(WINDOW_MS);
  return {
    called: () => calls.add(1, now()),
    spend(percent) {
      const fits = percent >= 100 || (retries.sum(now()) + 1) * 100 <= percent * calls.sum(now());
      if (fits) retries.add(1, now());
      return fits;
    },
  };
}
