import type { Invariant } from "./invariant.ts";

/*
 * Prices: the replica in ordering equals catalog's. Stock badges: what catalog shows is a number that inventory had in the
 * last ALLOWED_MS, since stock changes all the time and the two are not read in the same instant.
 */
const ALLOWED_MS = 2_000;
const READ_EVERY_MS = 1_000;

export function createReplicasFollow(): Invariant {
  const seen = new Map<string, { at: number; onHand: number }[]>();

  return {
    name: "I7",
    title: "replicas are at most 2 s behind",
    toleranceMs: ALLOWED_MS,
    reads: ["catalog", "ordering", "inventory"],
    find({ products, prices, stock }, nowMs) {
      for (const { sku, onHand } of stock.values()) {
        const recent = (seen.get(sku) ?? []).filter(({ at }) => at >= nowMs - ALLOWED_MS - READ_EVERY_MS);
        seen.set(sku, [...recent, { at: nowMs, onHand }]);
      }
      return [...products.values()].flatMap(({ sku, priceCents, available }) => {
        const what: string[] = [];
        const replica = prices.get(sku);
        if (replica && replica.priceCents !== priceCents)
          what.push(`costs ${priceCents}, ordering says ${replica.priceCents}`);
        const values = (seen.get(sku) ?? []).map(({ onHand }) => onHand);
        const inRange = available === null || (available >= Math.min(...values) && available <= Math.max(...values));
        if (values.length > 0 && !inRange) what.push(`${values.at(-1)} in stock, catalog shows ${available}`);
        return what.length > 0 ? [{ id: sku, what: what.join(", ") }] : [];
      });
    },
  };
}
