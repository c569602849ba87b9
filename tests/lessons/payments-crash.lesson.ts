import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import type { Shop } from "./shop.ts";

async function crashOnce(shop: Shop) {
  const fault = await shop.break("payments", "crash_before_ack", { message: "AuthorizePayment" });
  await shop.until("payments dies", 20_000, ({ components }) => components.payments?.state === "killed");
  await shop.heal(fault);
  await shop.start("payments");
}

export const lesson: Lesson = {
  title: "payments, crash before ack",
  /** Naive pays in line and has no message to acknowledge, so this is the saga without inbox and keys in payments. */
  async naive(shop) {
    await shop.command("policy:preset", { name: "hardened" });
    await shop.set("payments", "inbox", { enabled: false });
    await shop.set("payments", "idempotencyKeys", { enabled: false });
    await crashOnce(shop);
    await shop.until("an order is charged twice", 40_000, ({ invariants }) => (invariants["I1"]?.violations ?? 0) > 0);
  },
  async hardened(shop) {
    await crashOnce(shop);
    await shop.until("payments is back", 30_000, ({ components }) => components.payments?.state === "running");
    await shop.allHold(60_000);
    expect((await shop.invariant("I1")).violations).toBe(0);
  },
};
