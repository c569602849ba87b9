import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createArrivals } from "./arrivals.ts";
import { createRandom } from "./random.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function begin(rate: { perSecond: number }, seed = 1) {
  const at: number[] = [];
  const arrivals = createArrivals({
    random: createRandom(seed),
    ratePerSecond: () => rate.perSecond,
    onArrival: () => at.push(Date.now()),
  });
  arrivals.start();
  return { at, arrivals };
}

test("come at the asked rate, irregularly, and alike for the same seed", () => {
  const { at } = begin({ perSecond: 20 });
  const again = begin({ perSecond: 20 });
  const other = begin({ perSecond: 20 }, 2);
  vi.advanceTimersByTime(100_000);
  expect(at.length).toBeGreaterThan(1_850);
  expect(at.length).toBeLessThan(2_150);
  // Poisson: in 1/e of all seconds fewer than average by a standard deviation or so; a metronome would never vary.
  const perSecond = Array.from(
    { length: 100 },
    (_, n) => at.filter((t) => Math.floor((t - 1_000_000) / 1_000) === n).length,
  );
  const variance = perSecond.reduce((sum, n) => sum + (n - 20) ** 2, 0) / 100;
  expect(variance).toBeGreaterThan(10);
  expect(variance).toBeLessThan(35);
  expect(again.at).toEqual(at);
  expect(other.at).not.toEqual(at);
});

test("a higher rate holds at once, also after 0", () => {
  const rate = { perSecond: 0 };
  const { at, arrivals } = begin(rate);
  vi.advanceTimersByTime(10_000);
  expect(at).toEqual([]);
  rate.perSecond = 1_000;
  arrivals.start();
  vi.advanceTimersByTime(1_000);
  expect(at.length).toBeGreaterThan(850);
  rate.perSecond = 0;
  arrivals.start();
  const before = at.length;
  vi.advanceTimersByTime(10_000);
  expect(at.length).toBe(before);
});

test("a generator that was frozen does not make up for it", () => {
  const { at } = begin({ perSecond: 20 });
  vi.advanceTimersByTime(1_000);
  const before = at.length;
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(100);
  expect(at.length - before).toBeLessThan(15);
});
