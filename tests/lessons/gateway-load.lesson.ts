import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { wait } from "./shop.ts";

const BURST_MS = 12_000;

export const lesson: Lesson = {
  title: "gateway, load × 6",
  async naive(shop) {
    await shop.load(50);
    await wait(3_000);
    await shop.break("load", "load_burst", { factor: 6 });
    // Everything waits for everything: the p95 of all users, not of some.
    await shop.until("the p95 of users passes 4 s", 40_000, ({ user }) => (user.p95Ms ?? 0) > 4_000);
  },
  async hardened(shop) {
    const before = await shop.watch(6_000);
    await shop.break("load", "load_burst", { factor: 6 });
    await wait(2_000);
    const during = await shop.watch(BURST_MS / 4);
    const refused = during.traces.filter(({ root }) => root?.httpStatus === 429);
    const served = during.traces.filter(({ root }) => root?.httpStatus !== 429);
    expect(refused.length / during.count).toBeGreaterThan(0.2);
    expect(median(refused.map(({ root }) => root?.durationMs ?? 0))).toBeLessThan(20);
    expect(served.filter(({ root }) => (root?.httpStatus ?? 500) < 400).length / served.length).toBeGreaterThan(0.97);
    expect(median(served.map(({ root }) => root?.durationMs ?? 0))).toBeLessThan(before.p50Ms * 3);
  },
};

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
