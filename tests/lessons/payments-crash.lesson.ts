import { expect } from "vitest";
import { crashOnce } from "./crash-once.ts";
import type { Lesson } from "./lesson.ts";
import { report } from "./shop.ts";

export const lesson: Lesson = {
  title: "payments, crash before ack",
  /** Naive pays in line and has no message to acknowledge, so this is the saga without inbox and keys in payments. */
  async naive(shop) {
    await shop.command("policy:preset", { name: "hardened" });
    await shop.set("payments", "inbox", { enabled: false });
    await shop.set("payments", "idempotencyKeys", { enabled: false });
    await crashOnce(shop, "payments", "AuthorizePayment");
    await shop.until("an order is charged twice", 40_000, ({ invariants }) => (invariants.I1?.violations ?? 0) > 0);
  },
  async hardened(shop) {
    const window = await crashOnce(shop, "payments", "AuthorizePayment");
    const ends = await shop.ordersEnd(await shop.users(window, "/checkout"), 45_000);
    report("orders of the time of the crash", ends.size);
    expect(new Set(ends.values())).toEqual(new Set(["CONFIRMED"]));
    await shop.allHold(30_000);
  },
};
