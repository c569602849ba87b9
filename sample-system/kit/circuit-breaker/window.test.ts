import { expect, test } from "vitest";
import { createCountWindow, createTimeWindow, noCalls } from "./window.ts";

const good = { calls: 1, failures: 0, slow: 0 };
const bad = { calls: 1, failures: 1, slow: 1 };

test("a time window forgets within the last tenth of its length", () => {
  const window = createTimeWindow(10_000);
  window.add(bad, 1_000_000);
  window.add(good, 1_005_000);
  expect(window.counts(1_009_000)).toEqual({ calls: 2, failures: 1, slow: 1 });
  expect(window.counts(1_010_000)).toEqual(good);
  expect(window.counts(1_015_000)).toEqual(noCalls);
});

test("a count window forgets the oldest call for each new one, whatever the time", () => {
  const window = createCountWindow(3);
  for (const counts of [bad, good, good]) window.add(counts, 0);
  expect(window.counts(999_999)).toEqual({ calls: 3, failures: 1, slow: 1 });
  window.add(noCalls, 0);
  expect(window.counts(0).failures).toBe(1);
  window.add(good, 0);
  expect(window.counts(0)).toEqual({ calls: 3, failures: 0, slow: 0 });
});
