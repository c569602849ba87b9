import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Payment } from "./store.ts";

const paymentBody = z.object({ orderId: z.uuid(), amountCents: z.number().int().min(1) });

export function addRoutes(server: FastifyInstance, take: (payment: Payment) => Promise<object>) {
  server.post("/payments", async (request) => take(paymentBody.parse(request.body)));
}
