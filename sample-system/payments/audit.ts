import type { Queries } from "../kit/database.ts";
import type { PaymentState } from "./payment.ts";

export type PaymentAudit = {
  orderId: string;
  state: PaymentState;
  traceId: string | null;
  /** Epoch ms. */
  changedAt: number;
};

/** Payments in one answer at most; who wants more asks again, since the last one's change. */
const MAX_PAYMENTS = 5_000;

/** For the auditor: the payments that changed since (epoch ms), oldest change first. */
export async function readAudit(queries: Queries, since: number) {
  const payments = await queries.query<PaymentAudit>(
    `SELECT order_id AS "orderId", state, trace_id AS "traceId",
       (extract(epoch FROM changed_at) * 1000)::float8 AS "changedAt"
     FROM payments WHERE changed_at >= to_timestamp($1::float8 / 1000) ORDER BY changed_at LIMIT ${MAX_PAYMENTS}`,
    [since],
  );
  return { now: Date.now(), payments };
}
