import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "notifications, kill",
  async naive(shop) {
    await shop.kill("notifications");
    const checkout = await shop.watch(5_000, "/checkout");
    expect(checkout.okRatio).toBeLessThan(0.1);
  },
  async hardened(shop) {
    await shop.kill("notifications");
    const checkout = await shop.watch(8_000, "/checkout");
    expect(checkout.okRatio).toBeGreaterThanOrEqual(0.99);
    // Mails are late, and come.
    await shop.start("notifications");
    await shop.allHold(45_000);
  },
};
