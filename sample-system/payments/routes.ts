import type { FastifyInstance } from "fastify";
import { HttpError } from "../kit/http-server.ts";
import { authorizePayment, captureAtBank, noteCaptured, type PaymentParts } from "./change-payment.ts";
import { type Outcome, orderBody, paymentBody } from "./payment.ts";
import { findPayment } from "./payment-store.ts";

const PAYMENT_REQUIRED = 402;
const CONFLICT = 409;

/** What ordering asks in naive mode, and the question by which a saga learns what came of a command. */
export function addRoutes(server: FastifyInstance, parts: PaymentParts) {
  server.post("/payments", async (request) => {
    const payment = paymentBody.parse(request.body);
    expectDone(await authorizePayment(payment, parts), PAYMENT_REQUIRED);
    expectDone(await captureAtBank(payment.orderId, parts), CONFLICT);
    await parts.database.transaction((tx) => noteCaptured(tx, payment.orderId));
    return { state: "captured" };
  });

  server.get("/payments/:orderId", async (request) => {
    const { orderId } = orderBody.parse(request.params);
    return { state: (await findPayment(parts.database, orderId))?.state ?? "unknown" };
  });
}

function expectDone(outcome: Outcome, status: number) {
  if (!outcome.done) throw new HttpError(status, outcome.reason);
}
