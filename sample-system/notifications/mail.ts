import { z } from "zod";

export type Mail = { orderId: string; kind: "confirmed" | "cancelled"; text: string };

const goods = { orderId: z.uuid(), sku: z.string().max(100), quantity: z.number().int().min(1) };

export const confirmation = z.object(goods);
/** `mailed`: ordering has asked for the mail itself, in line, before it told anyone. */
export const orderConfirmed = z.object({ ...goods, mailed: z.boolean().default(false) });
export const orderCancelled = z.object({ ...goods, reason: z.string().max(1_000) });

export function toConfirmation({ orderId, sku, quantity }: z.infer<typeof confirmation>): Mail {
  return { orderId, kind: "confirmed", text: `Thank you! Your order of ${quantity} × ${sku} is confirmed.` };
}

export function toCancellation({ orderId, sku, quantity, reason }: z.infer<typeof orderCancelled>): Mail {
  const text = `We are sorry: your order of ${quantity} × ${sku} is cancelled (${reason}). You pay nothing.`;
  return { orderId, kind: "cancelled", text };
}
