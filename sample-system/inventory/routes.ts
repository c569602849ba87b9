import type { FastifyInstance } from "fastify";
import type { Database } from "../kit/database.ts";
import { HttpError } from "../kit/http-server.ts";
import type { Messaging } from "../kit/messaging/messaging.ts";
import { commitStock, type Outcome, reserveStock } from "./change-stock.ts";
import { goodsBody, orderBody } from "./reservation.ts";
import { findReservation } from "./reservation-store.ts";

export type RouteParts = {
  database: Database;
  messaging: Pick<Messaging, "transaction">;
  isIdempotent: () => boolean;
};

/** What ordering asks in naive mode, and the question by which a saga learns what came of a command. */
export function addRoutes(server: FastifyInstance, { database, messaging, isIdempotent }: RouteParts) {
  server.post("/reserve", async (request) => {
    const goods = goodsBody.parse(request.body);
    expectDone(await messaging.transaction((tx) => reserveStock(tx, goods, isIdempotent())));
    return { state: "reserved" };
  });

  server.post("/commit", async (request) => {
    const { orderId } = orderBody.parse(request.body);
    expectDone(await messaging.transaction((tx) => commitStock(tx, orderId, isIdempotent())));
    return { state: "committed" };
  });

  server.get("/reservations/:orderId", async (request) => {
    const { orderId } = orderBody.parse(request.params);
    return { state: (await findReservation(database, orderId))?.state ?? "unknown" };
  });
}

function expectDone(outcome: Outcome) {
  if (!outcome.done) throw new HttpError(409, outcome.reason);
}
