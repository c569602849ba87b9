import type { Invariant } from "./invariant.ts";

export const stockAddsUp: Invariant = {
  name: "I3",
  title: "on hand, reserved and shipped add up to the initial stock",
  toleranceMs: 0,
  reads: ["inventory"],
  find({ stock }) {
    return [...stock.values()].flatMap(({ sku, initial, onHand, reserved, shipped }) => {
      const missing = initial - onHand - reserved - shipped;
      if (missing === 0) return [];
      return [{ id: sku, what: missing > 0 ? `${missing} are missing` : `${-missing} too many` }];
    });
  },
};
