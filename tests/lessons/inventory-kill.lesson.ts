import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "inventory, kill during checkout",
  async naive(shop) {
    // Orders stand between reservation and commit for a second; then inventory dies.
    await shop.break("ordering->payments", "latency", { latency: 1_000 });
    const before = await shop.watch(3_000);
    await shop.kill("inventory");
    const window = await shop.watch(4_000);
    // Half an order: paid, shipped, and failed, since its stock could not be taken.
    await shop.until("money is taken for failed orders", 10_000, ({ invariants }) => {
      return /paid, and FAILED/.test(invariants.I2?.reason ?? "");
    });
    expect((await shop.users(window, "/checkout")).okRatio).toBe(0);
    expect((await shop.users(before, "/checkout")).okRatio).toBeGreaterThan(0);
  },
  async hardened(shop) {
    await shop.kill("inventory");
    const window = await shop.watch(6_000);
    await shop.until("orders are pending", 20_000, ({ invariants }) => (invariants.I5?.violations ?? 0) > 0);
    expect((await shop.users(window, "/checkout")).okRatio).toBeGreaterThanOrEqual(0.98);
    await shop.start("inventory");
    await shop.allHold(60_000);
  },
};
