import { expect } from "vitest";
import type { Span } from "#contract/traces.ts";
import type { Lesson } from "./lesson.ts";
import { report, type Shop, type Window } from "./shop.ts";

/** Authorizations and captures that payments sent to the bank; what a breaker refused was not sent. */
function toBankCalls(spans: Span[]): Span[] {
  return spans.filter(
    ({ service, kind, attributes }) =>
      service === "payments" && kind === "client" && String(attributes["url.template"]).startsWith("/authorizations"),
  );
}

/** What the bank had to bear within this time: calls for each checkout of it, and which share of them were tries again. */
async function bankLoad(shop: Shop, window: Window) {
  const checkouts = await shop.spans(await shop.users(window, "/checkout"));
  const calls = toBankCalls(checkouts.flat()).filter(({ startMs }) => startMs <= window.to);
  const again = calls.filter(({ attributes }) => Number(attributes["retry.attempt"]) > 1);
  return { aCheckout: calls.length / checkouts.length, againRatio: again.length / calls.length };
}

export const lesson: Lesson = {
  title: "payments, 50 % errors",
  async naive(shop) {
    const calm = await shop.watch(4_000);
    const half = await shop.break("payments->bank", "http_error", { rate: 0.5 });
    const troubled = await shop.watch(5_000);
    await shop.heal(half);
    // The worst case of three layers with three tries each shows when no call gets through.
    await shop.break("payments->bank", "http_error", { rate: 1 });
    const worst = await shop.spans(await shop.users(await shop.watch(3_000), "/checkout"));
    expect(Math.max(...worst.map((spans) => toBankCalls(spans).length))).toBe(27);
    const [before, during] = [await bankLoad(shop, calm), await bankLoad(shop, troubled)];
    report("calls a checkout, calm and troubled", before.aCheckout, during.aCheckout);
    expect(during.aCheckout).toBeGreaterThan(before.aCheckout * 1.5);
  },
  /** An order is paid in the end, so it costs what it costs; but not now, when the bank has trouble enough. */
  async hardened(shop) {
    const calm = await shop.watch(4_000);
    await shop.break("payments->bank", "http_error", { rate: 0.5 });
    // The breaker needs some seconds: its window is full of calm calls.
    const troubled = await shop.watch(16_000);
    const [before, during] = [await bankLoad(shop, calm), await bankLoad(shop, troubled)];
    report("calls a checkout, calm and troubled", before.aCheckout, during.aCheckout);
    report("share of second tries", during.againRatio);
    expect(during.aCheckout).toBeLessThanOrEqual(before.aCheckout * 1.2);
    expect(during.againRatio).toBeLessThan(0.2);
  },
};
