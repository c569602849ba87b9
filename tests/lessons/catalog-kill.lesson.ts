import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "catalog, kill",
  async naive(shop) {
    await shop.kill("catalog");
    const window = await shop.watch(5_000);
    const [home, checkout] = [await shop.users(window, "/home"), await shop.users(window, "/checkout")];
    expect([home.okRatio, checkout.okRatio]).toEqual([0, 0]);
  },
  async hardened(shop) {
    await shop.kill("catalog");
    const window = await shop.watch(5_000);
    const [home, checkout] = [await shop.users(window, "/home"), await shop.users(window, "/checkout")];
    expect(home.okRatio).toBeGreaterThanOrEqual(0.98);
    expect(checkout.okRatio).toBeGreaterThanOrEqual(0.98);
  },
};
