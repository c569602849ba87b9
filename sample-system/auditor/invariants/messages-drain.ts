import type { Invariant } from "./invariant.ts";

/** What is on its way under load is no backlog. */
const UNDER_WAY_MESSAGES = 10;
const UNDER_WAY_MS = 3_000;

export const messagesDrain: Invariant = {
  name: "I6",
  title: "outboxes and queues drain, and every dead letter says why it is one",
  toleranceMs: 10_000,
  reads: ["ordering", "inventory", "payments", "shipping", "notifications", "catalog"],
  find({ messaging }) {
    return [...messaging].flatMap(([id, { outbox, oldestOutboxMs, queued, dead, explained }]) => {
      const what: string[] = [];
      if (outbox > 0 && oldestOutboxMs > UNDER_WAY_MS) what.push(`${outbox} in its outbox`);
      if (queued > UNDER_WAY_MESSAGES) what.push(`${queued} in its queue`);
      if (dead > explained) what.push(`${dead - explained} dead letters without a reason`);
      return what.length > 0 ? [{ id, what: what.join(", ") }] : [];
    });
  },
};
