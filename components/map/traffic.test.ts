import { describe, expect, test } from "vitest";
import { type Dot, type Flow, MAX_DOTS, step, toDotRate, toLifeMs, toShare } from "./traffic.ts";

const flow: Flow = { id: "a->b", ratePerSecond: 50, errorRatio: 0, latencyMs: 20, turn: 1 };

describe("traffic", () => {
  test("never has more dots than the cap, however many lines there are", () => {
    const flows = Array.from({ length: 2_000 }, (_, index) => ({ ...flow, id: String(index) }));
    let dots: Dot[] = [];
    for (let frame = 0; frame < 50; frame += 1) dots = step(dots, flows, 33, () => 0);
    expect(dots).toHaveLength(MAX_DOTS);
  });

  test("a dot goes when it has arrived", () => {
    const [dot] = step([], [flow], 33, () => 0);
    if (!dot) throw new Error("the rate is high enough for a dot");
    expect(step([dot], [], dot.lifeMs - 1, () => 1)).toHaveLength(1);
    expect(step([dot], [], 2, () => 1)).toHaveLength(0);
  });

  test("fails in the share of errors", () => {
    expect(step([], [{ ...flow, errorRatio: 1 }], 33, () => 0)[0]?.failed).toBe(true);
    expect(step([], [flow], 33, () => 0)[0]?.failed).toBe(false);
  });

  test("is faster for faster answers and denser for higher rates, both within bounds", () => {
    expect(toLifeMs(10)).toBeLessThan(toLifeMs(1_000));
    expect(toLifeMs(1e9)).toBe(6_000);
    expect(toDotRate(1)).toBe(1);
    expect(toDotRate(1e9)).toBe(9);
  });
});

test("a failed call turns back where it was refused", () => {
  const dot: Dot = { edge: "a->b", age: 500, lifeMs: 1_000, failed: true, turn: 0.2 };
  expect(toShare(dot)).toBeCloseTo(0.2);
  expect(toShare({ ...dot, age: 1_000 })).toBeCloseTo(0);
  expect(toShare({ ...dot, failed: false })).toBeCloseTo(0.5);
});
