import type { Database } from "../kit/database.ts";

export type Stock = { sku: string; available: number };
export type StockStore = {
  /** All of them when no SKU is named. */
  available(skus: string[]): Promise<Stock[]>;
  /** Promises stock to an order, once however often it is asked; false when there is not enough. */
  reserve(orderId: string, sku: string, quantity: number): Promise<boolean>;
};

/** Enough for days of workshop at full load. */
export const INITIAL_STOCK = 1_000_000;

export const migration = `
  CREATE TABLE IF NOT EXISTS stock (sku text PRIMARY KEY, on_hand integer NOT NULL CHECK (on_hand >= 0));
  CREATE TABLE IF NOT EXISTS reservations (
    order_id uuid PRIMARY KEY, sku text NOT NULL, quantity integer NOT NULL, reserved_at timestamptz NOT NULL DEFAULT now());
  INSERT INTO stock SELECT sku, ${INITIAL_STOCK} FROM unnest(ARRAY[
    'apple', 'bread', 'butter', 'cheese', 'coffee', 'eggs', 'honey', 'jam', 'milk', 'oats', 'pasta', 'tea']) AS sku
  ON CONFLICT DO NOTHING`;

/** One statement, so that it is all or nothing: take the stock only if this order has taken none yet, and tell which. */
const reserveStatement = `
  WITH known AS (SELECT 1 FROM reservations WHERE order_id = $1),
       taken AS (UPDATE stock SET on_hand = on_hand - $3
                 WHERE sku = $2 AND on_hand >= $3 AND NOT EXISTS (SELECT 1 FROM known) RETURNING sku),
       noted AS (INSERT INTO reservations (order_id, sku, quantity) SELECT $1, sku, $3 FROM taken RETURNING 1)
  SELECT EXISTS (SELECT 1 FROM known) OR EXISTS (SELECT 1 FROM noted) AS reserved`;

export function createStockStore(database: Database): StockStore {
  return {
    available: (skus) =>
      database.query<Stock>(
        `SELECT sku, on_hand AS available FROM stock WHERE $1::text[] = '{}' OR sku = ANY($1) ORDER BY sku`,
        [skus],
      ),
    async reserve(orderId, sku, quantity) {
      const [row] = await database.query<{ reserved: boolean }>(reserveStatement, [orderId, sku, quantity]);
      return row?.reserved ?? false;
    },
  };
}
