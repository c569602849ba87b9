import { describe, expect, test } from "vitest";
import { toBucket } from "#contract/log-linear.ts";
import { RedWindow, readRed } from "./red-window.ts";

const T0 = 1_760_000_000_000;
const second = (count: number) => T0 + count * 1_000;

describe("readRed", () => {
  test("an empty window reads as nothing, not as perfect", () => {
    expect(readRed([new RedWindow()], T0, 5)).toEqual({
      count: 0,
      errors: 0,
      clientErrors: 0,
      ratePerSecond: 0,
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
      nextToSlowestMs: null,
    });
  });

  test("percentiles are within 2 % of the exact nearest rank", () => {
    const window = new RedWindow();
    for (let ms = 1; ms <= 1_000; ms++) window.addCall(T0, ms * 1_000, false);
    const { p50Ms, p95Ms, p99Ms } = readRed([window], T0, 5);
    for (const [measured, exact] of [
      [p50Ms, 500],
      [p95Ms, 950],
      [p99Ms, 990],
    ] as const) {
      expect(Math.abs((measured ?? 0) - exact) / exact).toBeLessThan(0.02);
    }
  });

  test("a single outlier moves the p95 of a few calls, but not the slowest but one", () => {
    const window = new RedWindow();
    for (const ms of [10, 10, 10, 900]) window.addCall(T0, ms * 1_000, false);
    const { p95Ms, nextToSlowestMs } = readRed([window], T0, 5);
    expect(p95Ms).toBeGreaterThan(880);
    expect(nextToSlowestMs).toBeLessThan(11);
  });

  test("errors, 4xx and counts of several windows are merged", () => {
    const [a, b] = [new RedWindow(), new RedWindow()];
    a.addCall(T0, 10_000, true);
    a.addCall(T0, 10_000, false, true);
    b.add(T0, { count: 8, errors: 1, clientErrors: 2, latency: [[toBucket(20_000), 8]] });
    expect(readRed([a, b], T0, 5)).toMatchObject({ count: 10, errors: 2, clientErrors: 3 });
  });

  test("the rate counts full seconds only, and starts right", () => {
    const window = new RedWindow();
    for (let at = 0; at < 3; at++) {
      for (let call = 0; call < 20; call++) window.addCall(second(at) + call * 50, 1_000, false);
    }
    expect(readRed([window], second(1) + 100, 5).ratePerSecond).toBe(20);
    expect(readRed([window], second(2) + 990, 5).ratePerSecond).toBe(20);
  });

  test("what is older than asked for falls out, and silence decays to 0", () => {
    const window = new RedWindow();
    for (let call = 0; call < 10; call++) window.addCall(second(0), 1_000, true);
    expect(readRed([window], second(4), 5).errors).toBe(10);
    expect(readRed([window], second(5), 5)).toMatchObject({ count: 0, errors: 0, p95Ms: null, ratePerSecond: 2 });
    expect(readRed([window], second(6), 5).ratePerSecond).toBe(0);
  });

  test("a request still waiting counts with its age among the durations", () => {
    const window = new RedWindow();
    for (let call = 0; call < 10; call++) window.addCall(T0, 10_000, false);
    const { count, p95Ms } = readRed([window], T0, 5, [2_100]);
    expect(count).toBe(10);
    expect(p95Ms).toBeGreaterThan(2_000);
  });

  test("calls that end out of order still count, until the ring has moved on", () => {
    const window = new RedWindow(10);
    window.addCall(second(5), 1_000, false);
    window.addCall(second(3), 1_000, false);
    expect(readRed([window], second(5), 5).count).toBe(2);
    window.addCall(second(13), 1_000, false);
    window.addCall(second(3), 1_000, false);
    expect(readRed([window], second(13), 5).count).toBe(1);
  });
});

test("a window never holds more seconds than its ring has slots", () => {
  const window = new RedWindow(10);
  for (let at = 0; at < 1_000; at++) window.addCall(second(at), at, false);
  const from = second(0) / 1_000;
  expect([...window.between(from, from + 2_000)]).toHaveLength(10);
});
