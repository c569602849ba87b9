import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { wait } from "./shop.ts";

const BURST_MS = 10_000;

export const lesson: Lesson = {
  title: "all, load × 4 for 10 s",
  starred: true,
  async naive(shop) {
    await shop.load(40);
    await wait(3_000);
    const fault = await shop.break("load", "load_burst", { factor: 4 });
    await wait(BURST_MS);
    await shop.heal(fault);
    // The load is as before, and the shop is not.
    await wait(8_000);
    const after = await shop.watch(5_000);
    expect(after.okRatio).toBeLessThan(0.9);
  },
  async hardened(shop) {
    await shop.load(40);
    await wait(3_000);
    const fault = await shop.break("load", "load_burst", { factor: 4 });
    await wait(BURST_MS);
    await shop.heal(fault);
    const took = await shop.until("users are served", 20_000, ({ user }) => (user.successRatio ?? 0) >= 0.99);
    expect(took).toBeLessThanOrEqual(20_000);
  },
};
