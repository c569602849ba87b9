import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

const SLOW = { latency: 8_000 };

export const lesson: Lesson = {
  title: "bank, +8 s",
  async naive(shop) {
    await shop.break("payments->bank", "latency", SLOW);
    const checkout = await shop.users(await shop.watch(6_000), "/checkout");
    expect(checkout.okRatio).toBe(0);
    // They wait until their own patience, 5 s, is over.
    expect(checkout.p50Ms).toBeGreaterThan(4_900);
  },
  async hardened(shop) {
    const fault = await shop.break("payments->bank", "latency", SLOW);
    const window = await shop.watch(6_000);
    await shop.until("the breaker opens", 20_000, ({ edges }) => edges["payments->bank"]?.breaker?.state === "open");
    await shop.until("orders stay pending", 15_000, ({ invariants }) => (invariants.I5?.violations ?? 0) > 0);
    expect((await shop.users(window, "/checkout")).okRatio).toBeGreaterThanOrEqual(0.98);
    await shop.heal(fault);
    await shop.allHold(90_000);
  },
};
