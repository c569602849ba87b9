import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { wait } from "./shop.ts";

export const lesson: Lesson = {
  title: "broker, kill 20 s",
  starred: true,
  /** Naive replicates nothing that could be lost, so this is everything but the outbox. */
  async naive(shop) {
    await shop.command("policy:preset", { name: "hardened" });
    await shop.set("inventory", "outbox", { enabled: false });
    await shop.kill("rabbitmq");
    await wait(5_000);
    // Nobody buys any more, so no later event hides what is lost.
    await shop.load(0);
    await shop.start("rabbitmq");
    await shop.until(
      "the catalog shows stock that is not there",
      60_000,
      ({ invariants }) => invariants["I7"]?.state === "broken",
    );
  },
  async hardened(shop) {
    await shop.kill("rabbitmq");
    await shop.until("outboxes grow", 20_000, ({ invariants }) => invariants["I6"]?.state !== "holds");
    const checkout = await shop.watch(10_000, "/checkout");
    expect(checkout.okRatio).toBeGreaterThanOrEqual(0.95);
    await shop.start("rabbitmq");
    await shop.allHold(75_000);
  },
};
