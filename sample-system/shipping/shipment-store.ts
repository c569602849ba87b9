import type { Queries } from "../kit/database.ts";
import { currentTraceId } from "../kit/otel/current-trace-id.ts";
import type { Shipment } from "./shipment.ts";

const columns = `order_id AS "orderId", state, sku, quantity, tracking_id AS "trackingId", reason`;

/**
 * Makes the order's shipment, or finds the one that is there. Either is locked until the transaction ends, so that
 * commands for one order take turns, whichever comes first.
 */
export async function findOrAdd(
  tx: Queries,
  { orderId, state, sku, quantity, trackingId, reason }: Shipment,
): Promise<{ shipment: Shipment; isNew: boolean }> {
  const [added] = await tx.query<Shipment>(
    `INSERT INTO shipments (order_id, state, sku, quantity, parcels, tracking_id, reason, trace_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING ${columns}`,
    [orderId, state, sku, quantity, state === "booked" ? 1 : 0, trackingId, reason, currentTraceId()],
  );
  if (added) return { shipment: added, isNew: true };
  const known = await findShipment(tx, orderId, "FOR UPDATE");
  if (!known) throw new Error(`the shipment of order ${orderId} has gone`);
  return { shipment: known, isNew: false };
}

export async function findShipment(
  queries: Queries,
  orderId: string,
  lock: "" | "FOR UPDATE" = "",
): Promise<Shipment | undefined> {
  const [row] = await queries.query<Shipment>(`SELECT ${columns} FROM shipments WHERE order_id = $1 ${lock}`, [
    orderId,
  ]);
  return row;
}

/** A second parcel for an order that has one. */
export async function addParcel(tx: Queries, orderId: string, trackingId: string) {
  await tx.query(
    `UPDATE shipments SET parcels = parcels + 1, tracking_id = $2, changed_at = clock_timestamp() WHERE order_id = $1`,
    [orderId, trackingId],
  );
}

export async function setCancelled(tx: Queries, orderId: string) {
  await tx.query(
    `UPDATE shipments SET state = 'cancelled', parcels = 0, trace_id = coalesce($2, trace_id),
       changed_at = clock_timestamp() WHERE order_id = $1`,
    [orderId, currentTraceId()],
  );
}
