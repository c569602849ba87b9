import type { Invariant } from "./invariant.ts";

export const oneCharge: Invariant = {
  name: "I1",
  title: "no order is charged twice, says the bank",
  toleranceMs: 0,
  reads: ["bank"],
  find({ bank, orders, payments }) {
    return [...bank].flatMap(([id, entries]) => {
      const charges = [...entries.values()].filter(({ kind }) => kind === "captured").length;
      const traceId = payments.get(id)?.traceId ?? orders.get(id)?.traceId;
      return charges > 1 ? [{ id, what: `charged ${charges} times`, traceId }] : [];
    });
  },
};
