import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { wait } from "./shop.ts";

export const lesson: Lesson = {
  title: "ordering, kill between T3 and T4",
  async naive(shop) {
    // Orders stand between payment and shipment for three seconds; then the only one who knows of them dies.
    await shop.break("ordering->shipping", "latency", { latency: 3_000 });
    await wait(4_000);
    await shop.kill("ordering");
    await shop.start("ordering");
    await shop.until("money is held for orders that nobody goes on with", 45_000, ({ invariants }) => {
      return invariants["I2"]?.state === "broken" && /paid, and PENDING/.test(invariants["I2"].reason);
    });
  },
  async hardened(shop) {
    // Before the reply that ends T3 is acknowledged.
    const fault = await shop.break("ordering", "crash_before_ack", { message: "PaymentAuthorized" });
    await shop.until("ordering dies", 20_000, ({ components }) => components.ordering?.state === "killed");
    await shop.heal(fault);
    await shop.start("ordering");
    await shop.until("ordering is back", 30_000, ({ components }) => components.ordering?.state === "running");
    await shop.allHold(60_000);
    expect((await shop.invariant("I5")).violations).toBe(0);
  },
};
