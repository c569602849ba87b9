import { expect } from "vitest";
import type { Lesson } from "./lesson.ts";
import { wait } from "./shop.ts";

const DEAD_MS = 20_000;

export const lesson: Lesson = {
  title: "broker, kill 20 s",
  starred: true,
  /** Naive relies on no event that could be lost; with stock badges by replication it does. */
  async naive(shop) {
    await shop.set("catalog", "replication", { enabled: true });
    // Until events have told most badges.
    await wait(6_000);
    await shop.kill("rabbitmq");
    await wait(DEAD_MS);
    // Nobody buys any more, so no later event hides what is lost.
    await shop.load(0);
    await shop.start("rabbitmq");
    await shop.until("rabbitmq is back", 30_000, ({ components }) => components.rabbitmq?.state === "running");
    await shop.until("nothing else is on its way", 30_000, ({ invariants }) => invariants.I6?.state === "holds");
    await shop.until(
      "the catalog shows stock that is not there",
      10_000,
      ({ invariants }) => invariants.I7?.state === "broken",
    );
  },
  async hardened(shop) {
    await shop.kill("rabbitmq");
    const window = await shop.watch(DEAD_MS);
    expect((await shop.invariant("I6")).reason).toContain("outbox");
    await shop.start("rabbitmq");
    await shop.until("outboxes drain", 60_000, ({ invariants }) => invariants.I6?.state === "holds");
    await shop.allHold(60_000);
    expect((await shop.users(window, "/checkout")).okRatio).toBeGreaterThanOrEqual(0.98);
  },
};
