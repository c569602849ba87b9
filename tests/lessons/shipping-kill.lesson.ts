import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { report } from "./shop.ts";

export const lesson: Lesson = {
  title: "shipping, kill at T4",
  starred: true,
  async naive(shop) {
    await shop.kill("shipping");
    await shop.until("paid, and never shipped", 20_000, ({ invariants }) => {
      return /paid, and FAILED/.test(invariants.I2?.reason ?? "");
    });
  },
  async hardened(shop) {
    await shop.kill("shipping");
    const window = await shop.watch(5_000);
    // T4's deadline and patience, 10 s, then void, release and a mail that says so.
    const checkout = await shop.users(window, "/checkout");
    expect(checkout.okRatio).toBeGreaterThanOrEqual(0.98);
    const ends = await shop.ordersEnd(checkout, 45_000);
    report("orders taken while shipping is dead", ends.size);
    expect(new Set(ends.values())).toEqual(new Set(["CANCELLED"]));
    const spans = (await shop.spans(checkout)).flat();
    const undone = (what: string) =>
      spans.filter(({ attributes, name }) => attributes["saga.compensation"] === true && name.includes(what)).length;
    expect(undone("VoidPayment")).toBeGreaterThan(0);
    expect(undone("ReleaseStock")).toBeGreaterThan(0);
    await shop.start("shipping");
    // Also I8: exactly one mail for each order, the cancelled ones too.
    await shop.allHold(60_000);
  },
};
