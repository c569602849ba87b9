import { expect, test } from "vitest";
import { createTokenBuckets } from "./token-bucket.ts";

const settings = { ratePerSecond: 4, burst: 3 };
function begin() {
  const clock = { ms: 1_000 };
  return { clock, buckets: createTokenBuckets(() => clock.ms) };
}
const takeAll = (take: () => number) => {
  let taken = 0;
  while (take() === 0) taken += 1;
  return taken;
};

test("a burst is let through, and then as many as drip in", () => {
  const { clock, buckets } = begin();
  const take = () => buckets.take("ann", settings);
  expect(takeAll(take)).toBe(3);
  clock.ms += 1_000;
  expect(takeAll(take)).toBe(3);
  clock.ms += 500;
  expect(takeAll(take)).toBe(2);
  clock.ms += 3_600_000;
  expect(takeAll(take)).toBe(3);
});

test("says how long until the next token, and keeps the part that has dripped in", () => {
  const { clock, buckets } = begin();
  const take = () => buckets.take("ann", settings);
  takeAll(take);
  expect(take()).toBe(250);
  clock.ms += 100;
  expect(take()).toBeCloseTo(150);
  clock.ms += 150;
  expect(take()).toBe(0);
});

test("one client's excess is not another's", () => {
  const { buckets } = begin();
  takeAll(() => buckets.take("ann", settings));
  expect(buckets.take("bob", settings)).toBe(0);
});

test("changed settings hold for the next request; a smaller bucket is not fuller than full", () => {
  const { clock, buckets } = begin();
  takeAll(() => buckets.take("ann", settings));
  clock.ms += 100;
  expect(buckets.take("ann", { ratePerSecond: 10, burst: 3 })).toBe(0);
  clock.ms += 3_600_000;
  expect(takeAll(() => buckets.take("ann", { ratePerSecond: 4, burst: 1 }))).toBe(1);
});

test("remembers at most 10,000 clients, and forgets the one longest unseen", () => {
  const { buckets } = begin();
  const one = { ratePerSecond: 1, burst: 1 };
  buckets.take("first", one);
  buckets.take("second", one);
  for (let n = 0; n < 9_998; n++) buckets.take(`client ${n}`, one);
  expect(buckets.take("first", one)).toBeGreaterThan(0);
  buckets.take("one more", one);
  expect(buckets.take("first", one)).toBeGreaterThan(0);
  expect(buckets.take("second", one)).toBe(0);
});
