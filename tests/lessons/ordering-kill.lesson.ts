import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { wait } from "./shop.ts";

export const lesson: Lesson = {
  title: "ordering, kill between T3 and T4",
  async naive(shop) {
    // Orders stand between payment and shipment for three seconds; then the only one who knows of them dies.
    await shop.break("ordering->shipping", "latency", { latency: 3_000 });
    await wait(5_000);
    await shop.kill("ordering");
    await shop.start("ordering");
    await shop.until("money is taken for orders that nobody knows", 50_000, ({ invariants }) => {
      return invariants["I2"]?.state === "broken" || invariants["I5"]?.state === "broken";
    });
    expect((await shop.invariant("I2")).violations).toBeGreaterThan(0);
  },
  async hardened(shop) {
    await shop.break("ordering", "crash_before_ack", { message: "PaymentAuthorized" });
    await shop.until("ordering dies", 20_000, ({ components }) => components.ordering?.state !== "running");
    await shop.start("ordering");
    await shop.allHold(45_000);
  },
};
