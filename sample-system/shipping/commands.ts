import type { Consumes } from "../kit/messaging/handler.ts";
import { readBody } from "../kit/messaging/read-body.ts";
import { bookShipment, cancelShipment } from "./book-shipment.ts";
import { orderBody, parcelBody } from "./shipment.ts";

/** The commands of the saga. Each is answered each time it comes, with its outcome. */
export function createCommands(isIdempotent: () => boolean): Consumes {
  return {
    BookShipment: {
      async handle(message, tx) {
        const parcel = readBody(parcelBody, message);
        const { orderId } = parcel;
        const booking = await bookShipment(tx, parcel, isIdempotent());
        await tx.emit(
          booking.booked
            ? { name: "ShipmentBooked", correlationId: orderId, body: { orderId, trackingId: booking.trackingId } }
            : { name: "ShipmentRejected", correlationId: orderId, body: { orderId, reason: booking.reason } },
        );
      },
    },
    CancelShipment: {
      async handle(message, tx) {
        const { orderId } = readBody(orderBody, message);
        await cancelShipment(tx, orderId);
        await tx.emit({ name: "ShipmentCancelled", correlationId: orderId, body: { orderId } });
      },
    },
  };
}
