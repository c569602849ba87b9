import type { Database } from "../kit/database.ts";

export type OrderRequest = { sku: string; quantity: number };
export type OrderStatus = "PENDING" | "CONFIRMED" | "FAILED";
export type Order = OrderRequest & { id: string; amountCents: number; status: OrderStatus; reason: string | null };
export type OrderStore = {
  /** A PENDING order with an id. */
  begin(request: OrderRequest, amountCents: number): Promise<Order>;
  end(id: string, status: OrderStatus, reason?: string): Promise<void>;
  get(id: string): Promise<Order | undefined>;
};

const columns = `id, sku, quantity, amount_cents AS "amountCents", status, reason`;

export const migration = `
  CREATE TABLE IF NOT EXISTS orders (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), sku text NOT NULL, quantity integer NOT NULL,
    amount_cents integer NOT NULL, status text NOT NULL DEFAULT 'PENDING', reason text,
    placed_at timestamptz NOT NULL DEFAULT now())`;

export function createOrderStore(database: Database): OrderStore {
  return {
    async begin({ sku, quantity }, amountCents) {
      const [order] = await database.query<Order>(
        `INSERT INTO orders (sku, quantity, amount_cents) VALUES ($1, $2, $3) RETURNING ${columns}`,
        [sku, quantity, amountCents],
      );
      if (!order) throw new Error("ordering-db gave no order");
      return order;
    },
    async end(id, status, reason) {
      await database.query("UPDATE orders SET status = $2, reason = $3 WHERE id = $1", [id, status, reason ?? null]);
    },
    async get(id) {
      const [order] = await database.query<Order>(`SELECT ${columns} FROM orders WHERE id = $1`, [id]);
      return order;
    },
  };
}
