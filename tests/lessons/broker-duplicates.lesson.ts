import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { wait } from "./shop.ts";

export const lesson: Lesson = {
  title: "broker, duplicates 50 %",
  /** Naive knows no commands to duplicate, so this is the saga without the inbox. */
  async naive(shop) {
    await shop.command("policy:preset", { name: "hardened" });
    await shop.set("inventory", "inbox", { enabled: false });
    await shop.break("inventory", "duplicate_delivery", { rate: 0.5 });
    await shop.until("stock is decremented twice", 20_000, ({ invariants }) => invariants["I3"]?.state === "broken");
  },
  async hardened(shop) {
    const since = Date.now();
    await shop.break("rabbitmq", "duplicate_delivery", { rate: 0.5 });
    await wait(8_000);
    const checkouts = await shop.users(since, "/checkout");
    const spans = (await Promise.all(checkouts.traces.slice(0, 20).map(({ traceId }) => shop.spans(traceId)))).flat();
    expect(spans.filter(({ attributes }) => attributes["messaging.duplicate"] === true).length).toBeGreaterThan(0);
    await shop.allHold(40_000);
  },
};
