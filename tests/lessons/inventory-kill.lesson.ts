import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "inventory, kill during checkout",
  async naive(shop) {
    await shop.kill("inventory");
    const checkout = await shop.watch(6_000, "/checkout");
    expect(checkout.okRatio).toBeLessThan(0.1);
  },
  async hardened(shop) {
    await shop.kill("inventory");
    const checkout = await shop.watch(8_000, "/checkout");
    expect(checkout.okRatio).toBeGreaterThanOrEqual(0.99);
    await shop.until("orders are pending", 20_000, ({ invariants }) => (invariants["I5"]?.violations ?? 0) > 0);
    await shop.start("inventory");
    await shop.allHold(45_000);
  },
};
