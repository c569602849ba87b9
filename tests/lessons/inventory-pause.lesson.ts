import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { report } from "./shop.ts";

export const lesson: Lesson = {
  title: "inventory, pause",
  starred: true,
  async naive(shop) {
    await shop.break("inventory", "pause");
    // Product pages never ask inventory, and die with it: every worker of the gateway waits for it.
    const window = await shop.watch(8_000);
    const products = await shop.users({ from: window.from + 2_000, to: window.to }, "/products/:id");
    report("product pages served", products.okRatio);
    expect(products.okRatio).toBeLessThan(0.5);
  },
  async hardened(shop) {
    await shop.break("inventory", "pause");
    const window = await shop.watch(10_000);
    const products = await shop.users(window, "/products/:id");
    report("product pages served", products.okRatio, JSON.stringify(products.byStatus));
    expect(products.okRatio).toBeGreaterThanOrEqual(0.99);
    const home = await shop.users(window, "/home");
    expect(home.okRatio).toBeGreaterThanOrEqual(0.98);
    expect((await shop.edge("gateway->inventory")).breaker?.state).not.toBe("closed");
  },
};
