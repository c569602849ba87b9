import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "shipping, kill at T4",
  starred: true,
  async naive(shop) {
    await shop.kill("shipping");
    await shop.until("paid, and never shipped", 50_000, ({ invariants }) => invariants["I2"]?.state === "broken");
  },
  async hardened(shop) {
    const since = Date.now();
    await shop.kill("shipping");
    // T4's deadline, its patience, then void, release, and a mail that says so.
    await shop.until("orders are cancelled", 40_000, ({ events }) => events.length > 0);
    const checkout = await shop.watch(14_000, "/checkout");
    expect(checkout.okRatio).toBeGreaterThanOrEqual(0.99);
    await shop.start("shipping");
    await shop.allHold(60_000);
    const { traces } = await shop.users(since, "/checkout");
    const spans = (await Promise.all(traces.slice(-25).map(({ traceId }) => shop.spans(traceId)))).flat();
    const compensations = spans.filter(({ attributes }) => attributes["saga.compensation"] === true);
    expect(compensations.length).toBeGreaterThan(0);
  },
};
