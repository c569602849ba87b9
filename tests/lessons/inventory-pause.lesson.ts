import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "inventory, pause",
  starred: true,
  async naive(shop) {
    await shop.break("inventory", "pause");
    // Product pages never ask inventory, and die with it: every worker of the gateway waits for it.
    await shop.until(
      "the cascade reaches the product pages",
      20_000,
      ({ edges }) => (edges["gateway->catalog"]?.ratePerSecond ?? 99) < 1,
    );
    const products = await shop.watch(4_000, "/products/:id");
    expect(products.okRatio).toBeLessThan(0.5);
  },
  async hardened(shop) {
    await shop.break("inventory", "pause");
    const products = await shop.watch(8_000, "/products/:id");
    expect(products.okRatio).toBeGreaterThanOrEqual(0.99);
    expect((await shop.edge("gateway->inventory")).breaker?.state).not.toBe("closed");
  },
};
