import { expect } from "vitest";
import { crashOnce } from "./crash-once.ts";
import type { Lesson } from "./lesson.ts";
import { wait } from "./shop.ts";

export const lesson: Lesson = {
  title: "ordering, kill between T3 and T4",
  async naive(shop) {
    // Orders stand between payment and shipment for three seconds; then the only one who knows of them dies.
    await shop.break("ordering->shipping", "latency", { latency: 3_000 });
    await wait(4_000);
    await shop.kill("ordering");
    await shop.start("ordering");
    await shop.until("money is held for orders that nobody goes on with", 45_000, ({ invariants }) => {
      return invariants.I2?.state === "broken" && /paid, and PENDING/.test(invariants.I2.reason);
    });
  },
  async hardened(shop) {
    // Before the reply that ends T3 is acknowledged.
    await crashOnce(shop, "ordering", "PaymentAuthorized");
    await shop.allHold(60_000);
    expect((await shop.invariant("I5")).violations).toBe(0);
  },
};
