import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "gateway→ordering, partition",
  async naive(shop) {
    await shop.break("gateway->ordering", "timeout", { timeout: 0 });
    const checkout = await shop.watch(9_000, "/checkout");
    // They wait until their own patience, 5 s, is over.
    expect(checkout.okRatio).toBeLessThan(0.1);
    expect(checkout.p50Ms).toBeGreaterThan(4_500);
  },
  async hardened(shop) {
    await shop.break("gateway->ordering", "timeout", { timeout: 0 });
    await shop.until("the breaker opens", 15_000, ({ edges }) => edges["gateway->ordering"]?.breaker?.state === "open");
    const since = Date.now();
    await shop.watch(4_000);
    const checkout = await shop.users(since, "/checkout");
    const products = await shop.users(since, "/products/:id");
    expect(checkout.p50Ms).toBeLessThan(50);
    expect(products.okRatio).toBeGreaterThanOrEqual(0.99);
  },
};
