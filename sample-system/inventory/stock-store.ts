import type { Queries } from "../kit/database.ts";
import type { Tx } from "../kit/messaging/handler.ts";

export type Availability = { sku: string; available: number };

/** All of them when no SKU is named. */
export function listAvailability(queries: Queries, skus: string[]): Promise<Availability[]> {
  return queries.query<Availability>(
    `SELECT sku, on_hand AS available FROM stock WHERE $1::text[] = '{}' OR sku = ANY($1) ORDER BY sku`,
    [skus],
  );
}

/** What is added to each count of a product; negative takes away. */
export type Move = { onHand?: number; reserved?: number; shipped?: number };

/**
 * Moves stock, and tells everyone what is available afterwards. False when there is not so much, or no such product.
 * The product's row stays locked until the transaction ends, so this comes last in it, after the reservation.
 */
export async function moveStock(tx: Tx, sku: string, { onHand = 0, reserved = 0, shipped = 0 }: Move) {
  const [row] = await tx.query<{ available: number }>(
    `UPDATE stock SET on_hand = on_hand + $2, reserved = reserved + $3, shipped = shipped + $4
     WHERE sku = $1 AND on_hand + $2 >= 0 RETURNING on_hand AS available`,
    [sku, onHand, reserved, shipped],
  );
  if (!row) return false;
  if (onHand !== 0) {
    await tx.emit({ name: "StockLevelChanged", correlationId: sku, body: { sku, available: row.available } });
  }
  return true;
}
