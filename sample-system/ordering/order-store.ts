import type { Queries } from "../kit/database.ts";
import { currentTraceId } from "../kit/otel/current-trace-id.ts";

/*
 * The orders of ordering-db, and the story of each. Every function takes the transaction, or the database, that it works in.
 */
export type OrderRequest = { sku: string; quantity: number };
export type OrderStatus = "PENDING" | "CONFIRMED" | "CANCELLED" | "FAILED";
export type Order = OrderRequest & {
  id: string;
  amountCents: number;
  status: OrderStatus;
  /** Why it was cancelled or failed. */
  reason: string | null;
  /** Tried for long without success, and still tried. */
  needsHelp: boolean;
};
/** One line of an order's story; `at` is epoch ms. */
export type HistoryLine = { at: number; step: string; what: string };

/** Orders and history lines that are listed at most. */
const MAX_LISTED = 200;

export const orderColumns = `orders.id, sku, quantity, amount_cents AS "amountCents", status, reason,
  needs_help AS "needsHelp"`;

/** A PENDING order; undefined when there is one with this key already. */
export async function insertOrder(
  queries: Queries,
  { sku, quantity, amountCents, key }: OrderRequest & { amountCents: number; key: string | undefined },
): Promise<Order | undefined> {
  const [order] = await queries.query<Order>(
    `INSERT INTO orders (sku, quantity, amount_cents, idempotency_key, trace_id) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (idempotency_key) DO NOTHING RETURNING ${orderColumns}`,
    [sku, quantity, amountCents, key ?? null, currentTraceId()],
  );
  return order;
}

export async function findOrder(queries: Queries, by: { id: string } | { key: string }): Promise<Order | undefined> {
  const [column, value] = "id" in by ? ["id", by.id] : ["idempotency_key", by.key];
  const [order] = await queries.query<Order>(`SELECT ${orderColumns} FROM orders WHERE ${column} = $1`, [value]);
  return order;
}

/** The orders that somebody should look at, oldest first. */
export function listNeedingHelp(queries: Queries): Promise<Order[]> {
  return queries.query<Order>(
    `SELECT ${orderColumns} FROM orders WHERE needs_help ORDER BY placed_at LIMIT ${MAX_LISTED}`,
  );
}

export async function endOrder(queries: Queries, id: string, status: OrderStatus, reason: string | null = null) {
  await queries.query("UPDATE orders SET status = $2, reason = $3, changed_at = clock_timestamp() WHERE id = $1", [
    id,
    status,
    reason,
  ]);
}

export async function markNeedsHelp(queries: Queries, id: string, needsHelp: boolean) {
  await queries.query("UPDATE orders SET needs_help = $2, changed_at = clock_timestamp() WHERE id = $1", [
    id,
    needsHelp,
  ]);
}

export async function appendHistory(queries: Queries, orderId: string, lines: Omit<HistoryLine, "at">[]) {
  if (lines.length === 0) return;
  await queries.query(
    "INSERT INTO saga_log (order_id, step, what) SELECT $1, step, what FROM unnest($2::text[], $3::text[]) AS line(step, what)",
    [orderId, lines.map(({ step }) => step), lines.map(({ what }) => what)],
  );
}

/** In the order in which it happened. */
export function readHistory(queries: Queries, orderId: string): Promise<HistoryLine[]> {
  return queries.query<HistoryLine>(
    `SELECT (extract(epoch FROM at) * 1000)::float8 AS at, step, what FROM saga_log
     WHERE order_id = $1 ORDER BY id LIMIT ${MAX_LISTED}`,
    [orderId],
  );
}
