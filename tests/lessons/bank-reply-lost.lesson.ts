import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { wait } from "./shop.ts";

export const lesson: Lesson = {
  title: "bank, reply lost",
  starred: true,
  async naive(shop) {
    // A caller without a timeout would wait for 30 s before it asks again; a class has no such patience.
    await shop.set("payments->bank", "timeout", { enabled: true, timeoutMs: 1_000 });
    const fault = await shop.break("payments->bank", "reply_lost");
    await wait(5_000);
    await shop.heal(fault);
    await shop.until("an order is charged twice", 15_000, ({ invariants }) => invariants["I1"]?.state === "broken");
  },
  async hardened(shop) {
    const fault = await shop.break("payments->bank", "reply_lost");
    await wait(5_000);
    await shop.heal(fault);
    await shop.allHold(45_000);
    expect((await shop.invariant("I1")).violations).toBe(0);
  },
};
