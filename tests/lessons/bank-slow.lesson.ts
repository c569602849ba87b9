import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "bank, +8 s",
  async naive(shop) {
    await shop.break("payments->bank", "latency", { latency: 8_000 });
    const checkout = await shop.watch(12_000, "/checkout");
    expect(checkout.okRatio).toBeLessThan(0.1);
    expect(checkout.p50Ms).toBeGreaterThan(4_500);
  },
  async hardened(shop) {
    const fault = await shop.break("payments->bank", "latency", { latency: 8_000 });
    await shop.until("the breaker opens", 20_000, ({ edges }) => edges["payments->bank"]?.breaker?.state === "open");
    const checkout = await shop.watch(6_000, "/checkout");
    expect(checkout.okRatio).toBeGreaterThanOrEqual(0.99);
    await shop.until("orders stay pending", 15_000, ({ invariants }) => (invariants["I5"]?.violations ?? 0) > 0);
    await shop.heal(fault);
    await shop.allHold(60_000);
  },
};
