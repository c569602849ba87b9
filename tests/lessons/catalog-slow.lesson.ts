import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { report } from "./shop.ts";

const SLOW = { latency: 2_000 };

export const lesson: Lesson = {
  title: "catalog, +2 s",
  async naive(shop) {
    await shop.break("gateway->catalog", "latency", SLOW);
    const home = await shop.users(await shop.watch(5_000), "/home");
    report("p50 ms of home", home.p50Ms);
    expect(home.p50Ms).toBeGreaterThan(2_000);
  },
  async hardened(shop) {
    await shop.break("gateway->catalog", "latency", SLOW);
    const window = await shop.watch(4_000);
    await shop.until(
      "the breaker opens, 10 s after the fault at most",
      6_000,
      ({ edges }) => edges["gateway->catalog"]?.breaker?.state === "open",
    );
    // Cut at 400 ms while the breaker tries it, at once while it is open.
    const home = await shop.users(window, "/home");
    expect(home.okRatio).toBeGreaterThanOrEqual(0.98);
    report("p50, p95 ms of home", home.p50Ms, home.p95Ms);
    expect(home.p95Ms).toBeLessThan(1_500);
  },
};
