import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import type { Shop, Window } from "./shop.ts";
import { mean } from "./users.ts";

/** Requests that payments sent to the bank for each checkout that began in this time; what a breaker refused was not sent. */
async function bankCalls(shop: Shop, { from, to }: Window): Promise<number[]> {
  const all = await shop.spans(await shop.users({ from, to }, "/checkout"));
  return all.map(
    (spans) =>
      spans.filter(
        ({ service, kind, attributes }) =>
          service === "payments" &&
          kind === "client" &&
          String(attributes["url.template"]).startsWith("/authorizations"),
      ).length,
  );
}

/** Authorize and capture. */
const CALM_CALLS = 2;

export const lesson: Lesson = {
  title: "payments, 50 % errors",
  async naive(shop) {
    const half = await shop.break("payments->bank", "http_error", { rate: 0.5 });
    const calls = await bankCalls(shop, await shop.watch(6_000));
    expect(mean(calls)).toBeGreaterThan(CALM_CALLS * 1.5);
    await shop.heal(half);
    // The worst case of three layers with three tries each shows when no call gets through.
    await shop.break("payments->bank", "http_error", { rate: 1 });
    const worst = await bankCalls(shop, await shop.watch(3_000));
    expect(Math.max(...worst)).toBe(27);
  },
  async hardened(shop) {
    await shop.break("payments->bank", "http_error", { rate: 0.5 });
    const calls = await bankCalls(shop, await shop.watch(10_000));
    console.log(calls);
    expect(mean(calls)).toBeLessThanOrEqual(CALM_CALLS * 1.2);
  },
};
