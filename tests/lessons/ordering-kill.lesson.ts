import { expect } from "vitest";
import { crashOnce } from "./crash-once.ts";
import type { Lesson } from "./lesson.ts";
import { report, wait } from "./shop.ts";

export const lesson: Lesson = {
  title: "ordering, kill between T3 and T4",
  async naive(shop) {
    // Orders stand between payment and shipment for three seconds; then the only one who knows of them dies.
    await shop.break("ordering->shipping", "latency", { latency: 3_000 });
    await wait(4_000);
    await shop.kill("ordering");
    await shop.start("ordering");
    // For ten seconds nothing has happened to them.
    await shop.until("money is taken for orders that nobody goes on with", 30_000, ({ invariants }) => {
      return /paid, and PENDING/.test(invariants.I2?.reason ?? "");
    });
  },
  async hardened(shop) {
    // Before the reply that ends T3 is acknowledged.
    const window = await crashOnce(shop, "ordering", "PaymentAuthorized");
    const ends = await shop.ordersEnd(await shop.users(window, "/checkout"), 45_000);
    report("orders of the time of the crash", ends.size);
    expect(new Set(ends.values())).toEqual(new Set(["CONFIRMED"]));
    await shop.allHold(30_000);
  },
};
