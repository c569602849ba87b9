import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { only, statusOf } from "./users.ts";

const BURST = { factor: 6 };

export const lesson: Lesson = {
  title: "gateway, load × 6",
  async naive(shop) {
    await shop.break("load", "load_burst", BURST);
    // Everything waits for everything: one in twenty waits until the patience of users, 5 s, is over.
    await shop.until("the p95 of users passes 5 s", 45_000, ({ user }) => (user.p95Ms ?? 0) > 4_900);
  },
  async hardened(shop) {
    const before = await shop.users(await shop.watch(5_000));
    await shop.break("load", "load_burst", BURST);
    const during = await shop.users(await shop.watch(6_000));
    const refused = only(during, (trace) => statusOf(trace) === 429);
    const served = only(during, (trace) => statusOf(trace) !== 429);
    expect(refused.count / during.count).toBeGreaterThan(0.2);
    // 20 ms, unless the machine is so busy that nothing is quick.
    expect(refused.p50Ms).toBeLessThan(Math.max(20, before.p50Ms / 2));
    expect(served.okRatio).toBeGreaterThan(0.97);
    expect(served.p50Ms).toBeLessThan(before.p50Ms * 3);
  },
};
