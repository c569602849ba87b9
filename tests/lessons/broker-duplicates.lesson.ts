import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { report } from "./shop.ts";

const TWICE = { rate: 0.5 };

export const lesson: Lesson = {
  title: "broker, duplicates 50 %",
  /** Naive sends no commands that could come twice, so this is the saga without inboxes. */
  async naive(shop) {
    await shop.command("policy:preset", { name: "hardened" });
    await shop.set("inventory", "inbox", { enabled: false });
    await shop.break("rabbitmq", "duplicate_delivery", TWICE);
    await shop.until("stock is decremented twice", 30_000, ({ invariants }) => invariants.I3?.state === "broken");
  },
  async hardened(shop) {
    await shop.break("rabbitmq", "duplicate_delivery", TWICE);
    const checkout = await shop.users(await shop.watch(5_000), "/checkout");
    await shop.ordersEnd(checkout, 30_000);
    const spans = (await shop.spans(checkout)).flat();
    const twice = spans.filter(({ attributes }) => attributes["messaging.duplicate"] === true);
    report("duplicates recognised", twice.length);
    expect(twice.length).toBeGreaterThan(10);
    // Still twice each; and no effect.
    await shop.allHold(20_000);
  },
};
