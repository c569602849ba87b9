import { z } from "zod";

/*
 * What an order has of the stock:
 *
 *   ReserveStock ─▶ reserved ── CommitStock ──▶ committed
 *        │             └────── ReleaseStock ──▶ released ◀── ReleaseStock before ReserveStock (a tombstone)
 *        └────────▶ rejected
 */
export const reservationStates = ["reserved", "committed", "released", "rejected"] as const;
export type ReservationState = (typeof reservationStates)[number];

export const orderBody = z.object({ orderId: z.uuid() });
export const goodsBody = z.object({
  orderId: z.uuid(),
  sku: z.string().max(100),
  quantity: z.number().int().min(1).max(100),
});
/** What an order wants. */
export type Goods = z.infer<typeof goodsBody>;

export type Reservation = Goods & { state: ReservationState; reason: string | null };
