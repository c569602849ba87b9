import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "cache, kill",
  async naive(shop) {
    await shop.kill("cache");
    // With no cache at all they would be served; with a dead one that is waited for they are not.
    const products = await shop.users(await shop.watch(6_000), "/products/:id");
    expect(products.okRatio).toBeLessThan(0.2);
  },
  async hardened(shop) {
    await shop.kill("cache");
    const window = await shop.watch(6_000);
    await shop.until("the breaker opens", 10_000, ({ edges }) => edges["catalog->cache"]?.breaker?.state !== "closed");
    expect((await shop.users(window, "/products/:id")).okRatio).toBeGreaterThanOrEqual(0.98);
  },
};
