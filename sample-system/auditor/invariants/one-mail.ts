import type { Invariant } from "./invariant.ts";

const mailed = new Set(["CONFIRMED", "CANCELLED"]);

export const oneMail: Invariant = {
  name: "I8",
  title: "every finished order has exactly one mail",
  toleranceMs: 30_000,
  reads: ["ordering", "notifications"],
  find({ orders, mails }) {
    return [...orders.values()].flatMap(({ id, status, traceId }) => {
      if (!mailed.has(status)) return [];
      const count = mails.get(id)?.size ?? 0;
      return count === 1 ? [] : [{ id, what: count === 0 ? "no mail" : `${count} mails`, traceId }];
    });
  },
};
