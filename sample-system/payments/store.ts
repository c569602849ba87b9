import type { Database } from "../kit/database.ts";

export type Payment = { orderId: string; amountCents: number };
export type PaymentStore = {
  /** The payment's id. */
  begin(payment: Payment): Promise<string>;
  /** `unknown`: the bank did not answer, and may have charged all the same. */
  end(id: string, status: "authorized" | "unknown" | "failed", authorizationId?: string): Promise<void>;
};

export const migration = `
  CREATE TABLE IF NOT EXISTS payments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), order_id uuid NOT NULL, amount_cents integer NOT NULL,
    status text NOT NULL DEFAULT 'pending', authorization_id text, begun_at timestamptz NOT NULL DEFAULT now())`;

export function createPaymentStore(database: Database): PaymentStore {
  return {
    async begin({ orderId, amountCents }) {
      const [row] = await database.query<{ id: string }>(
        "INSERT INTO payments (order_id, amount_cents) VALUES ($1, $2) RETURNING id",
        [orderId, amountCents],
      );
      if (!row) throw new Error("payments-db gave no id");
      return row.id;
    },
    async end(id, status, authorizationId) {
      await database.query("UPDATE payments SET status = $2, authorization_id = $3 WHERE id = $1", [
        id,
        status,
        authorizationId ?? null,
      ]);
    },
  };
}
