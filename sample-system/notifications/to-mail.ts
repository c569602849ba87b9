import { z } from "zod";
import { PoisonMessageError } from "../kit/consumer.ts";
import type { Mail } from "./store.ts";

const orderConfirmed = z.object({ orderId: z.uuid(), sku: z.string(), quantity: z.number() });

/** The mail for an OrderConfirmed event. Throws PoisonMessageError for what is none. */
export function toMail(event: unknown): Mail {
  const parsed = orderConfirmed.safeParse(event);
  if (!parsed.success) throw new PoisonMessageError("not an OrderConfirmed event");
  const { orderId, sku, quantity } = parsed.data;
  return { orderId, text: `Thank you! Your order of ${quantity} × ${sku} is confirmed.` };
}
