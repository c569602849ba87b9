import { z } from "zod";
import { toRefusal } from "./shipment.ts";

export const quoteQuery = z.object({
  sku: z.string().min(1).max(100),
  quantity: z.coerce.number().int().min(1).max(100),
});
export type Quote = { cents: number; days: number };

const BASE_CENTS = 390;
const CENTS_EACH = 15;
/** A parcel of more than these is sorted by hand, which takes a day. */
const SORTED_BY_MACHINE = 20;

/** What it costs to send so many, and how long it takes; null when no parcel can hold them. All goods weigh the same here. */
export function toQuote(quantity: number): Quote | null {
  if (toRefusal({ quantity })) return null;
  return { cents: BASE_CENTS + quantity * CENTS_EACH, days: quantity > SORTED_BY_MACHINE ? 3 : 2 };
}
