import type { Queries } from "../kit/database.ts";

/** Times are epoch ms. */
export type ProductAudit = {
  sku: string;
  priceCents: number;
  priceChangedAt: number;
  available: number | null;
  stockChangedAt: number | null;
};

/** Products in one answer at most; who wants more asks again, since the last one's change. */
const MAX_PRODUCTS = 5_000;

/** For the auditor: the products that changed since (epoch ms), oldest change first. */
export async function readAudit(queries: Queries, since: number) {
  const products = await queries.query<ProductAudit>(
    `SELECT sku, price_cents AS "priceCents", available,
       (extract(epoch FROM price_changed_at) * 1000)::float8 AS "priceChangedAt",
       (extract(epoch FROM stock_changed_at) * 1000)::float8 AS "stockChangedAt"
     FROM products WHERE greatest(price_changed_at, stock_changed_at) >= to_timestamp($1::float8 / 1000)
     ORDER BY greatest(price_changed_at, stock_changed_at) LIMIT ${MAX_PRODUCTS}`,
    [since],
  );
  return { now: Date.now(), products };
}
