import { describe, expect, test } from "vitest";
import type { RedReading } from "../telemetry/red-window.ts";
import { CALM_SECONDS, createLearner, LEARN_EVERY_MS, nextSteadyMs } from "./steady-state.ts";

const seen = (p95Ms: number | null, patch: Partial<RedReading> = {}): RedReading => ({
  count: 50,
  errors: 0,
  clientErrors: 0,
  ratePerSecond: 10,
  p50Ms: p95Ms,
  p95Ms,
  p99Ms: p95Ms,
  nextToSlowestMs: p95Ms,
  ...patch,
});

describe("nextSteadyMs", () => {
  test.each<[string, number | null, RedReading, "ok" | "degraded", number | null]>([
    ["begins with what it first sees", null, seen(40), "ok", 40],
    ["moves slowly upwards", 40, seen(60), "ok", 42],
    ["moves faster downwards", 100, seen(50), "ok", 85],
    ["hardly moves while the rule is violated", 40, seen(400), "degraded", 43.6],
    ["needs a minimum of calls", null, seen(40, { count: 9 }), "ok", null],
    ["does not learn from errors", 40, seen(1, { errors: 1 }), "ok", 40],
    ["does not learn from silence", 40, seen(null, { count: 0 }), "ok", 40],
  ])("%s", (_name, steadyMs, reading, health, expected) => {
    expect(nextSteadyMs(steadyMs, reading, health)).toEqual(expected === null ? null : expect.closeTo(expected, 6));
  });
});

test("looks only at calm that has lasted, never at what was before it, and not too often", () => {
  const learn = createLearner();
  const looks: number[] = [];
  const pupil = {
    steadyMs: null as number | null,
    read(_nowMs: number, seconds: number) {
      looks.push(seconds);
      return seen(10);
    },
  };
  const run = (fromMs: number, toMs: number, calm: boolean) => {
    for (let ms = fromMs; ms < toMs; ms += 100) learn(1_000_000 + ms, calm, [[pupil, "ok"]]);
  };
  run(0, 20_000, false);
  expect(looks).toEqual([]);
  run(20_000, 20_000 + CALM_SECONDS.min * 1_000, true);
  expect(looks).toEqual([]);
  run(25_000, 25_000 + LEARN_EVERY_MS * 2, true);
  expect(looks).toEqual([5, 7]);
  run(29_000, 29_100, false);
  run(29_100, 33_000, true);
  expect(looks).toEqual([5, 7]);
  run(33_000, 120_000, true);
  expect(Math.max(...looks)).toBe(CALM_SECONDS.max);
});
