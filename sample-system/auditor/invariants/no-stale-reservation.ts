import type { Invariant } from "./invariant.ts";

const ALLOWED_MS = 30_000;

export const noStaleReservation: Invariant = {
  name: "I4",
  title: "no stock is reserved for longer than 30 s without a pending order",
  toleranceMs: 0,
  reads: ["inventory", "ordering"],
  find({ reservations, orders }, nowMs) {
    return [...reservations.values()].flatMap(({ orderId, state, changedAt, quantity, sku, traceId }) => {
      const status = orders.get(orderId)?.status;
      if (state !== "reserved" || status === "PENDING") return [];
      // Counted from the order's end, too: it may just have been settled after a long wait.
      const since = Math.max(changedAt, orders.get(orderId)?.changedAt ?? 0);
      if (nowMs - since < ALLOWED_MS) return [];
      return [{ id: orderId, what: `${quantity} × ${sku} reserved, its order is ${status ?? "unknown"}`, traceId }];
    });
  },
};
