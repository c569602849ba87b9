import type { Invariant } from "./invariant.ts";

/** Between the charge and the confirmation of a checkout that is just on its way. */
const UNDER_WAY_MS = 10_000;

export const paidIsConfirmed: Invariant = {
  name: "I2",
  title: "an order is paid if and only if it is confirmed",
  toleranceMs: 30_000 - UNDER_WAY_MS,
  reads: ["ordering", "bank"],
  find({ bank, orders }, nowMs) {
    return [...orders.values()].flatMap(({ id, status, changedAt, traceId }) => {
      if (status === "PENDING" && nowMs - changedAt < UNDER_WAY_MS) return [];
      const paid = [...(bank.get(id)?.values() ?? [])].some(({ kind }) => kind === "captured");
      if (paid === (status === "CONFIRMED")) return [];
      return [{ id, what: paid ? `paid, and ${status}` : "confirmed, and not paid", traceId }];
    });
  },
};
