import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "notifications, kill",
  async naive(shop) {
    await shop.kill("notifications");
    const checkout = await shop.users(await shop.watch(5_000), "/checkout");
    expect(checkout.okRatio).toBe(0);
  },
  async hardened(shop) {
    await shop.kill("notifications");
    const window = await shop.watch(5_000);
    // Mails are late, and come.
    await shop.until("mails are missing", 15_000, ({ invariants }) => (invariants.I8?.violations ?? 0) > 0);
    await shop.start("notifications");
    await shop.allHold(60_000);
    expect((await shop.users(window, "/checkout")).okRatio).toBeGreaterThanOrEqual(0.98);
  },
};
