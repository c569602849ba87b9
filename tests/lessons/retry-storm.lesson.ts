import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { report, wait } from "./shop.ts";

/** Half of what Naive can do, and less than it would take if everybody asked again and again. */
const LOAD = 30;
const BURST = { factor: 4 };
const BURST_MS = 10_000;
const RECOVERY_MS = 15_000;

export const lesson: Lesson = {
  title: "all, load × 4 for 10 s",
  starred: true,
  async naive(shop) {
    await shop.load(LOAD);
    const fault = await shop.break("load", "load_burst", BURST);
    await wait(BURST_MS);
    await shop.heal(fault);
    // The load is as before, and the shop is not, also long after.
    await wait(RECOVERY_MS);
    const after = await shop.users(await shop.watch(5_000));
    report("served 15 s after the burst", after.okRatio);
    expect(after.okRatio).toBeLessThan(0.5);
  },
  async hardened(shop) {
    await shop.load(LOAD);
    const fault = await shop.break("load", "load_burst", BURST);
    await wait(BURST_MS);
    await shop.heal(fault);
    const healed = Date.now();
    const took = await shop.until("users are served", RECOVERY_MS, ({ user }) => (user.successRatio ?? 0) >= 0.99);
    report("ten good seconds, ms after the burst", took);
    const recovered = { from: healed + RECOVERY_MS - 3_000, to: healed + RECOVERY_MS };
    const after = await shop.users(recovered);
    report("served 15 s after the burst", after.okRatio, JSON.stringify(after.byStatus));
    expect(after.okRatio).toBeGreaterThanOrEqual(0.98);
  },
};
