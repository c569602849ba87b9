import type { Queries } from "../kit/database.ts";
import { createTrackingId, type Parcel, toRefusal } from "./shipment.ts";
import { addParcel, findOrAdd, setCancelled } from "./shipment-store.ts";

export type Booking = { booked: true; trackingId: string } | { booked: false; reason: string };

/**
 * Books a parcel for an order, in one transaction. `isIdempotent` is the inbox policy: with it, an order that asks again
 * gets the same answer; without it, another parcel.
 */
export async function bookShipment(tx: Queries, parcel: Parcel, isIdempotent: boolean): Promise<Booking> {
  const refusal = toRefusal(parcel);
  const trackingId = createTrackingId();
  const { shipment, isNew } = await findOrAdd(
    tx,
    refusal === null
      ? { ...parcel, state: "booked", trackingId, reason: null }
      : { ...parcel, state: "rejected", trackingId: null, reason: refusal },
  );
  if (shipment.state === "cancelled") return { booked: false, reason: "the order was given up before" };
  if (shipment.state === "rejected") return { booked: false, reason: shipment.reason ?? "rejected before" };
  if (isNew || isIdempotent) return { booked: true, trackingId: shipment.trackingId ?? trackingId };
  await addParcel(tx, parcel.orderId, trackingId);
  return { booked: true, trackingId };
}

/** May be repeated. Of an order that is not known yet it is noted, and a BookShipment that comes later is rejected. */
export async function cancelShipment(tx: Queries, orderId: string) {
  const tombstone = { orderId, state: "cancelled", sku: "", quantity: 0, trackingId: null, reason: null } as const;
  const { shipment } = await findOrAdd(tx, tombstone);
  if (shipment.state === "booked") await setCancelled(tx, orderId);
}
