import type { FastifyInstance } from "fastify";
import type { Database } from "../kit/database.ts";
import { HttpError } from "../kit/http-server.ts";
import type { Messaging } from "../kit/messaging/messaging.ts";
import { bookShipment } from "./book-shipment.ts";
import { quoteQuery, toQuote } from "./quote.ts";
import { orderBody, parcelBody } from "./shipment.ts";
import { findShipment } from "./shipment-store.ts";

export type RouteParts = {
  database: Database;
  messaging: Pick<Messaging, "transaction">;
  isIdempotent: () => boolean;
};

/** The quote, what ordering asks in naive mode, and the question by which a saga learns what came of a command. */
export function addRoutes(server: FastifyInstance, { database, messaging, isIdempotent }: RouteParts) {
  server.get("/quote", async (request) => {
    const { quantity } = quoteQuery.parse(request.query);
    const quote = toQuote(quantity);
    if (!quote) throw new HttpError(409, `there is no parcel for ${quantity}`);
    return quote;
  });

  server.post("/shipments", async (request) => {
    const parcel = parcelBody.parse(request.body);
    const booking = await messaging.transaction((tx) => bookShipment(tx, parcel, isIdempotent()));
    if (!booking.booked) throw new HttpError(409, booking.reason);
    return { state: "booked", trackingId: booking.trackingId };
  });

  server.get("/shipments/:orderId", async (request) => {
    const { orderId } = orderBody.parse(request.params);
    const shipment = await findShipment(database, orderId);
    return { state: shipment?.state ?? "unknown", trackingId: shipment?.trackingId ?? null };
  });
}
