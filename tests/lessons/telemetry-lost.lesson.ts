import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "telemetry receiver, frozen",
  /** Killed it could not tell afterwards what happened meanwhile. */
  async hardened(shop) {
    const before = await shop.watch(3_000);
    const unseen = await shop.withoutDashboard(6_000);
    const users = await shop.users(unseen);
    expect(users.okRatio).toBeGreaterThanOrEqual(0.98);
    // It comes late, and nothing is missing.
    const perSecond = (count: number, { from, to }: typeof unseen) => (count * 1_000) / (to - from);
    const usual = perSecond((await shop.users(before)).count, before);
    expect(perSecond(users.count, unseen)).toBeGreaterThan(usual / 2);
  },
};
