import type { Queries } from "../kit/database.ts";

/** Orders in one answer at most; who wants more asks again, since the last one's change. */
const MAX_ORDERS = 5_000;

/** For the auditor: the orders that changed since (epoch ms), and all that are not settled; oldest change first. Times are epoch ms. */
export function readOrders(queries: Queries, since: number): Promise<object[]> {
  return queries.query(
    `SELECT id, status, sku, quantity, amount_cents AS "amountCents", needs_help AS "needsHelp", trace_id AS "traceId",
       (extract(epoch FROM placed_at) * 1000)::float8 AS "placedAt",
       (extract(epoch FROM changed_at) * 1000)::float8 AS "changedAt"
     FROM orders WHERE changed_at >= to_timestamp($1::float8 / 1000) OR status = 'PENDING' ORDER BY changed_at LIMIT ${MAX_ORDERS}`,
    [since],
  );
}
