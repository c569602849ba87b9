import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "cache, kill",
  /** A killed cache refuses at once; a frozen one is what makes a cache worse than none. */
  async naive(shop) {
    await shop.break("cache", "pause");
    const products = await shop.watch(9_000, "/products/:id");
    expect(products.okRatio).toBeLessThan(0.2);
  },
  async hardened(shop) {
    await shop.kill("cache");
    const products = await shop.watch(6_000, "/products/:id");
    expect(products.okRatio).toBeGreaterThanOrEqual(0.99);
    expect((await shop.edge("catalog->cache")).breaker?.state).not.toBe("closed");
  },
};
