import type { Queries } from "../kit/database.ts";
import { currentTraceId } from "../kit/otel/current-trace-id.ts";
import type { Payment, PaymentRequest, PaymentState } from "./payment.ts";

const columns = `order_id AS "orderId", state, amount_cents AS "amountCents", reason`;

export async function findPayment(queries: Queries, orderId: string, lock: "" | "FOR UPDATE" = "") {
  const [row] = await queries.query<Payment>(`SELECT ${columns} FROM payments WHERE order_id = $1 ${lock}`, [orderId]);
  return row;
}

/** Makes the order's payment, in progress, or finds the one that is there. */
export async function findOrBegin(queries: Queries, { orderId, amountCents }: PaymentRequest): Promise<Payment> {
  const [begun] = await queries.query<Payment>(
    `INSERT INTO payments (order_id, state, amount_cents, trace_id) VALUES ($1, 'in_progress', $2, $3)
     ON CONFLICT DO NOTHING RETURNING ${columns}`,
    [orderId, amountCents, currentTraceId()],
  );
  const payment = begun ?? (await findPayment(queries, orderId));
  if (!payment) throw new Error(`the payment of order ${orderId} has gone`);
  return payment;
}

/** Where it is in one of the `from` states; the state in which it is then. */
export async function moveTo(
  queries: Queries,
  orderId: string,
  { from, to, reason = null }: { from: PaymentState[]; to: PaymentState; reason?: string | null },
): Promise<PaymentState | undefined> {
  await queries.query(
    `UPDATE payments SET state = $3, reason = $4, trace_id = coalesce($5, trace_id), changed_at = clock_timestamp()
     WHERE order_id = $1 AND state = ANY($2)`,
    [orderId, from, to, reason, currentTraceId()],
  );
  return (await findPayment(queries, orderId))?.state;
}

/** Voided, known before or not; the state in which it is then: only what was captured stays so. */
export async function giveUp(queries: Queries, orderId: string): Promise<PaymentState | undefined> {
  await queries.query(
    `INSERT INTO payments (order_id, state, trace_id) VALUES ($1, 'voided', $2)
     ON CONFLICT (order_id) DO UPDATE SET state = 'voided', trace_id = coalesce($2, payments.trace_id),
       changed_at = clock_timestamp() WHERE payments.state NOT IN ('captured', 'voided')`,
    [orderId, currentTraceId()],
  );
  return (await findPayment(queries, orderId))?.state;
}
