import type { Queries } from "../kit/database.ts";

/** Reservations in one answer at most; who wants more asks again, since the last one's change. */
const MAX_RESERVATIONS = 5_000;

/** For the auditor: all stock, and the reservations that changed since (epoch ms), oldest change first. */
export async function readAudit(queries: Queries, since: number) {
  // Before the reading: what is committed meanwhile is read next time.
  const now = Date.now();
  const stock = await queries.query(
    `SELECT sku, initial, on_hand AS "onHand", reserved, shipped FROM stock ORDER BY sku`,
  );
  const reservations = await queries.query(
    `SELECT order_id AS "orderId", state, sku, quantity, trace_id AS "traceId",
       (extract(epoch FROM changed_at) * 1000)::float8 AS "changedAt"
     FROM reservations WHERE changed_at >= to_timestamp($1::float8 / 1000) ORDER BY changed_at LIMIT ${MAX_RESERVATIONS}`,
    [since],
  );
  return { now, stock, reservations };
}
