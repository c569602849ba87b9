import { z } from "zod";
import type { Edge } from "../kit/calls/call-edge.ts";
import { HttpError } from "../kit/http-server.ts";
import type { PaymentRequest } from "./payment.ts";

/**
 * What payments asks of the bank, in its own words. Each rejects with a CallError when there is no answer: the bank may have
 * done it all the same.
 */
export type Bank = {
  authorize(request: PaymentRequest): Promise<{ authorizationId: string } | { declined: string }>;
  capture(authorizationId: string, orderId: string): Promise<void>;
  void(authorizationId: string, orderId: string): Promise<void>;
};

const authorized = z.object({ authorizationId: z.string() });
const refusal = z.object({ message: z.string() });
const DECLINED = 402;

/**
 * With `hasKeys` every request carries the order's id as its idempotency key: however often it is sent, by us or by a retry
 * below us, the bank does it once.
 */
export function createBankClient(edge: Pick<Edge, "call">, hasKeys: () => boolean): Bank {
  function post(path: string, template: string, orderId: string, body?: object) {
    return edge.call({ method: "POST", path, template, body, ...(hasKeys() && { idempotencyKey: orderId }) });
  }
  async function change(what: "capture" | "void", id: string, orderId: string) {
    const path = `/authorizations/${encodeURIComponent(id)}/${what}`;
    const { status, body } = await post(path, `/authorizations/:id/${what}`, orderId);
    if (status >= 400) throw new HttpError(status, `the bank refuses: ${toReason(body)}`);
  }

  return {
    async authorize({ orderId, amountCents }) {
      const request = { reference: orderId, amountCents };
      const { status, body } = await post("/authorizations", "/authorizations", orderId, request);
      if (status === DECLINED) return { declined: toReason(body) };
      if (status >= 400) throw new HttpError(status, `the bank refuses: ${toReason(body)}`);
      return authorized.parse(body);
    },
    capture: (id, orderId) => change("capture", id, orderId),
    void: (id, orderId) => change("void", id, orderId),
  };
}

function toReason(body: unknown): string {
  return refusal.safeParse(body).data?.message ?? "without a reason";
}
