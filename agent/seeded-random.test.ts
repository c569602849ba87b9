import { expect, test } from "vitest";
import { createRandom } from "./seeded-random.ts";

test("the same seed gives the same numbers, spread evenly from 0 up to 1; another seed others", () => {
  const take = (seed: number) => Array.from({ length: 10_000 }, createRandom(seed));
  const numbers = take(42);
  expect(take(42)).toEqual(numbers);
  expect(take(43)).not.toEqual(numbers);
  for (let tenth = 0; tenth < 10; tenth++) {
    const share = numbers.filter((number) => Math.floor(number * 10) === tenth).length;
    expect(Math.abs(share - 1_000)).toBeLessThan(150);
  }
});

test("neighbouring connections of one toxic are hit independently", () => {
  // The first number of each seed, as the edge rolls it (edge-listener.ts).
  const firsts = Array.from({ length: 10_000 }, (_, i) => createRandom(1 + Math.imul(i, 0x9e3779b1))());
  const hits = firsts.filter((number) => number < 0.3).length;
  expect(Math.abs(hits - 3_000)).toBeLessThan(150);
});
