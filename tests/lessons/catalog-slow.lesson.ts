import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "catalog, +2 s",
  async naive(shop) {
    await shop.break("gateway->catalog", "latency", { latency: 2_000 });
    const home = await shop.watch(6_000, "/home");
    expect(home.p50Ms).toBeGreaterThan(2_000);
  },
  async hardened(shop) {
    await shop.break("gateway->catalog", "latency", { latency: 2_000 });
    const took = await shop.until(
      "the breaker opens",
      10_000,
      ({ edges }) => edges["gateway->catalog"]?.breaker?.state === "open",
    );
    expect(took).toBeLessThanOrEqual(10_000);
    const home = await shop.watch(4_000, "/home");
    // Cut at 400 ms while the breaker tries it, at once while it is open.
    expect(home.p95Ms).toBeLessThan(1_000);
    expect(home.okRatio).toBeGreaterThanOrEqual(0.99);
  },
};
