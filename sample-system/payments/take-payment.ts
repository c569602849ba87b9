import { z } from "zod";
import type { Edge } from "../kit/calls/call-edge.ts";
import { CallError } from "../kit/calls/call-error.ts";
import type { Payment, PaymentStore } from "./store.ts";

const authorized = z.object({ authorizationId: z.string() });

/** Refused and rejected calls never left this service, so nothing was charged; of all other failures that is not known. */
const neverSent = new Set(["refused", "rejected"]);

/** Notes the payment, asks the bank, notes the answer. Rejects with the CallError when the bank gave none. */
export async function takePayment(
  payment: Payment,
  { bank, payments }: { bank: Pick<Edge, "call">; payments: PaymentStore },
) {
  const id = await payments.begin(payment);
  try {
    const answer = await bank.call({
      method: "POST",
      path: "/authorize",
      template: "/authorize",
      body: { key: payment.orderId, amountCents: payment.amountCents },
    });
    const { authorizationId } = authorized.parse(answer.body);
    await payments.end(id, "authorized", authorizationId);
    return { paymentId: id, authorizationId };
  } catch (error) {
    const failed = error instanceof CallError && neverSent.has(error.failure);
    await payments.end(id, failed ? "failed" : "unknown").catch(() => {});
    throw error;
  }
}
