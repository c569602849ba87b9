import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import type { Shop } from "./shop.ts";

/** Half of the replies, so that an order gets through in the end; for so long. */
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
    await repliesAreLost(shop);
    await shop.heal(fault);
    await shop.allHold(60_000);
    expect((await shop.invariant("I1")).violations).toBe(0);
  },
};

/** Until payments has given up on several answers: charges that were made, and that it does not know of. */
async function repliesAreLost(shop: Shop) {
  const window = await shop.watch(6_000);
  const spans = (await shop.spans(await shop.users(window, "/checkout"))).flat();
  const lost = spans.filter(({ attributes }) => attributes["fault.type"] === "reply_lost");
  expect(lost.length).toBeGreaterThan(3);
}
