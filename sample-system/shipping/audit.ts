import type { Queries } from "../kit/database.ts";
import type { ShipmentState } from "./shipment.ts";

export type ShipmentAudit = {
  orderId: string;
  state: ShipmentState;
  parcels: number;
  traceId: string | null;
  /** Epoch ms. */
  changedAt: number;
};

/** Shipments in one answer at most; who wants more asks again, since the last one's change. */
const MAX_SHIPMENTS = 5_000;

/** For the auditor: the shipments that changed since (epoch ms), oldest change first. */
export async function readAudit(queries: Queries, since: number) {
  // Before the reading: what is committed meanwhile is read next time.
  const now = Date.now();
  const shipments = await queries.query<ShipmentAudit>(
    `SELECT order_id AS "orderId", state, parcels, trace_id AS "traceId",
       (extract(epoch FROM changed_at) * 1000)::float8 AS "changedAt"
     FROM shipments WHERE changed_at >= to_timestamp($1::float8 / 1000) ORDER BY changed_at LIMIT ${MAX_SHIPMENTS}`,
    [since],
  );
  return { now, shipments };
}
