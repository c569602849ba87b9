import type { Invariant } from "./invariant.ts";

/** The mail of an order that has just been settled is on its way. */
const UNDER_WAY_MS = 10_000;
const mailed = new Set(["CONFIRMED", "CANCELLED"]);

export const oneMail: Invariant = {
  name: "I8",
  title: "every finished order has exactly one mail",
  toleranceMs: 30_000 - UNDER_WAY_MS,
  reads: ["ordering", "notifications"],
  find({ orders, mails }, nowMs) {
    return [...orders.values()].flatMap(({ id, status, changedAt, traceId }) => {
      if (!mailed.has(status)) return [];
      const count = mails.get(id)?.size ?? 0;
      if (count === 0 && nowMs - changedAt < UNDER_WAY_MS) return [];
      return count === 1 ? [] : [{ id, what: count === 0 ? "no mail" : `${count} mails`, traceId }];
    });
  },
};
