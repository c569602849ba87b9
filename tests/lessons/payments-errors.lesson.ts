import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import type { Shop } from "./shop.ts";
import { wait } from "./shop.ts";

/** Bank calls a checkout, over the checkouts of the last seconds. */
async function bankCalls(shop: Shop, ms: number): Promise<number[]> {
  const since = Date.now();
  await wait(ms);
  const { traces } = await shop.users(since, "/checkout");
  const counts = await Promise.all(
    traces.map(async ({ traceId }) => {
      const spans = await shop.spans(traceId);
      const calls = spans.filter(
        ({ service, kind, name }) => service === "payments" && kind === "client" && name.includes("/authorizations"),
      );
      return calls.filter(({ attributes }) => attributes["url.template"] === "/authorizations").length;
    }),
  );
  return counts.filter((count) => count > 0);
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

export const lesson: Lesson = {
  title: "payments, 50 % errors",
  async naive(shop) {
    // At 50 % most clicks get through sooner; the worst case of three layers shows when nothing does.
    await shop.break("payments->bank", "http_error", { rate: 0.9 });
    const calls = await bankCalls(shop, 15_000);
    expect(Math.max(...calls)).toBeGreaterThanOrEqual(9);
    expect(mean(calls)).toBeGreaterThan(2);
  },
  async hardened(shop) {
    const bank = () => shop.edge("payments->bank");
    await shop.break("payments->bank", "http_error", { rate: 0.5 });
    const calls = await bankCalls(shop, 8_000);
    // One layer, and a budget: what is tried again by the saga's patience is another matter, and comes later.
    expect(Math.max(...calls)).toBeLessThanOrEqual(6);
    expect((await bank()).policies?.retry?.budgetPercent).toBe(10);
  },
};
