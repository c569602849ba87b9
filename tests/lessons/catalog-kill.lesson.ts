import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "catalog, kill",
  async naive(shop) {
    await shop.kill("catalog");
    const home = await shop.watch(5_000, "/home");
    const checkout = await shop.users(Date.now() - 5_000, "/checkout");
    expect([home.okRatio, checkout.okRatio]).toEqual([0, 0]);
  },
  async hardened(shop) {
    await shop.kill("catalog");
    const home = await shop.watch(6_000, "/home");
    const checkout = await shop.users(Date.now() - 6_000, "/checkout");
    expect(home.okRatio).toBeGreaterThanOrEqual(0.99);
    expect(checkout.okRatio).toBeGreaterThanOrEqual(0.99);
    expect(checkout.count).toBeGreaterThan(5);
  },
};
