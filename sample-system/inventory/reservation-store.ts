import type { Queries } from "../kit/database.ts";
import { currentTraceId } from "../kit/otel/current-trace-id.ts";
import type { Reservation, ReservationState } from "./reservation.ts";

const columns = `order_id AS "orderId", state, sku, quantity, reason`;

/**
 * Makes the order's reservation, or finds the one that is there. Either is locked until the transaction ends, so that
 * commands for one order take turns, whichever comes first.
 */
export async function findOrAdd(
  tx: Queries,
  { orderId, state, sku, quantity }: Omit<Reservation, "reason">,
): Promise<{ reservation: Reservation; isNew: boolean }> {
  const [added] = await tx.query<Reservation>(
    `INSERT INTO reservations (order_id, state, sku, quantity, trace_id) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING ${columns}`,
    [orderId, state, sku, quantity, currentTraceId()],
  );
  if (added) return { reservation: added, isNew: true };
  const known = await findReservation(tx, orderId, "FOR UPDATE");
  if (!known) throw new Error(`the reservation of order ${orderId} has gone`);
  return { reservation: known, isNew: false };
}

export async function findReservation(
  queries: Queries,
  orderId: string,
  lock: "" | "FOR UPDATE" = "",
): Promise<Reservation | undefined> {
  const [row] = await queries.query<Reservation>(`SELECT ${columns} FROM reservations WHERE order_id = $1 ${lock}`, [
    orderId,
  ]);
  return row;
}

export async function setState(tx: Queries, orderId: string, state: ReservationState, reason: string | null = null) {
  await tx.query(
    `UPDATE reservations SET state = $2, reason = $3, trace_id = coalesce($4, trace_id), changed_at = clock_timestamp()
     WHERE order_id = $1`,
    [orderId, state, reason, currentTraceId()],
  );
}
