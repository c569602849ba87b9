import { expect } from "vitest";
import type { TraceSummary } from "#contract/traces.ts";
import type { Lesson } from "./lesson.ts";
import { report, type Shop } from "./shop.ts";
import { statusOf, toUsers, type Users } from "./users.ts";

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
    const { refused, served } = await divide(shop, await shop.users(await shop.watch(6_000)));
    report("refused, served, of them ok", refused.count, served.count, served.okRatio);
    report("p50 ms of refused, served, served before", refused.p50Ms, served.p50Ms, before.p50Ms);
    expect(refused.count / (refused.count + served.count)).toBeGreaterThan(0.2);
    expect(refused.byStatus[429]).toBeGreaterThan(0);
    // 20 ms, unless the machine is so busy that nothing is quick.
    expect(refused.p50Ms).toBeLessThan(Math.max(20, served.p50Ms / 2));
    expect(served.okRatio).toBeGreaterThan(0.95);
    // Where everybody is let in, they wait for 5 s.
    expect(served.p50Ms).toBeLessThan(1_000);
  },
};

/** Refused at the door, by rate (429) or because too many are inside (503, marked by the gateway); and all others. */
async function divide(shop: Shop, users: Users): Promise<{ refused: Users; served: Users }> {
  const unavailable = toUsers(users.traces.filter((trace) => statusOf(trace) === 503));
  const shed = (await shop.spans(unavailable))
    .filter((spans) => spans.some(({ attributes }) => attributes["loadshedding.rejected"] === true))
    .map(([span]) => span?.traceId);
  const isRefused = (trace: TraceSummary) => statusOf(trace) === 429 || shed.includes(trace.traceId);
  return {
    refused: toUsers(users.traces.filter(isRefused)),
    served: toUsers(users.traces.filter((trace) => !isRefused(trace))),
  };
}
