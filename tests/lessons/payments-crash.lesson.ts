import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";

export const lesson: Lesson = {
  title: "payments, crash before ack",
  /** Naive pays in line and has no message to acknowledge, so this is the saga without inbox and keys in payments. */
  async naive(shop) {
    await shop.command("policy:preset", { name: "hardened" });
    await shop.set("payments", "inbox", { enabled: false });
    await shop.set("payments", "idempotencyKeys", { enabled: false });
    for (let crash = 0; crash < 3; crash += 1) {
      await shop.break("payments", "crash_before_ack", { message: "AuthorizePayment" });
      await shop.until("payments dies", 20_000, ({ components }) => components.payments?.state !== "running");
      await shop.start("payments");
      await shop.until("payments is back", 20_000, ({ components }) => components.payments?.state === "running");
    }
    await shop.until("an order is charged twice", 20_000, ({ invariants }) => invariants["I1"]?.state === "broken");
  },
  async hardened(shop) {
    await shop.break("payments", "crash_before_ack", { message: "AuthorizePayment" });
    await shop.until("payments dies", 20_000, ({ components }) => components.payments?.state !== "running");
    await shop.start("payments");
    await shop.allHold(45_000);
    expect((await shop.invariant("I1")).violations).toBe(0);
  },
};
