import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { report } from "./shop.ts";

const BLACK_HOLE = { timeout: 0 };

export const lesson: Lesson = {
  title: "gateway→ordering, partition",
  async naive(shop) {
    await shop.break("gateway->ordering", "timeout", BLACK_HOLE);
    const checkout = await shop.users(await shop.watch(5_000), "/checkout");
    // The gateway would wait for 30 s; users go after 5.
    expect(checkout.okRatio).toBe(0);
    expect(checkout.p50Ms).toBeGreaterThan(4_900);
  },
  async hardened(shop) {
    await shop.break("gateway->ordering", "timeout", BLACK_HOLE);
    await shop.until("the breaker opens", 20_000, ({ edges }) => edges["gateway->ordering"]?.breaker?.state === "open");
    const window = await shop.watch(4_000);
    const [checkout, products] = [await shop.users(window, "/checkout"), await shop.users(window, "/products/:id")];
    expect(Object.keys(checkout.byStatus)).toContain("503");
    report("p50 ms of a refused checkout", checkout.p50Ms);
    expect(checkout.p50Ms).toBeLessThan(Math.max(20, products.p50Ms));
    expect(products.okRatio).toBeGreaterThanOrEqual(0.99);
  },
};
