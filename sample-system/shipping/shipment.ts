import { randomUUID } from "node:crypto";
import { z } from "zod";

/*
 * What shipping does for an order:
 *
 *   BookShipment ─▶ booked ── CancelShipment ──▶ cancelled ◀── CancelShipment before BookShipment (a tombstone)
 *        └────────▶ rejected
 */
export type ShipmentState = "booked" | "cancelled" | "rejected";

export const orderBody = z.object({ orderId: z.uuid() });
export const parcelBody = z.object({
  orderId: z.uuid(),
  sku: z.string().max(100),
  quantity: z.number().int().min(1).max(100),
});
/** What an order wants sent. */
export type Parcel = z.infer<typeof parcelBody>;

export type Shipment = Parcel & { state: ShipmentState; trackingId: string | null; reason: string | null };

/** The carrier takes no heavier parcel. An order may be for up to 100, so a customer can run into this. */
const MAX_QUANTITY = 90;

/** Why the carrier does not take it, or null. */
export function toRefusal({ quantity }: { quantity: number }): string | null {
  return quantity > MAX_QUANTITY ? `${quantity} are too heavy for a parcel, ${MAX_QUANTITY} are the most` : null;
}

export function createTrackingId(): string {
  return `CS-${randomUUID().slice(0, 13).toUpperCase()}`;
}
