import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { report } from "./shop.ts";

/** Half of the replies, so that an order gets through in the end. */
const LOST = { rate: 0.5 };

export const lesson: Lesson = {
  title: "bank, reply lost",
  starred: true,
  async naive(shop) {
    // A caller without a timeout waits for 30 s before it asks again; a class has no such patience.
    await shop.set("payments->bank", "timeout", { enabled: true, timeoutMs: 1_000 });
    await shop.break("payments->bank", "reply_lost", LOST);
    await shop.until("an order is charged twice", 40_000, ({ invariants }) => (invariants.I1?.violations ?? 0) > 0);
  },
  async hardened(shop) {
    const fault = await shop.break("payments->bank", "reply_lost", LOST);
    const checkout = await shop.users(await shop.watch(5_000), "/checkout");
    await shop.heal(fault);
    const spans = (await shop.spans(checkout)).flat();
    const lost = spans.filter(({ attributes }) => attributes["fault.type"] === "reply_lost");
    expect(lost.length).toBeGreaterThan(3);
    const ends = await shop.ordersEnd(checkout, 75_000);
    report("replies lost, orders confirmed", lost.length, ends.size);
    expect(new Set(ends.values())).toEqual(new Set(["CONFIRMED"]));
    await shop.allHold(30_000);
    expect((await shop.invariant("I1")).violations).toBe(0);
  },
};
