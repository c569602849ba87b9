import { z } from "zod";

const sku = z.string().min(1).max(100);
const priceCents = z.number().int().min(1).max(100_000_000);

export const skuParams = z.object({ sku });
export const newProduct = z.object({ sku, name: z.string().min(1).max(200), priceCents });
export const newPrice = z.object({ priceCents });
export const stockLevel = z.object({ sku, available: z.number().int() });

/** `available`: what can be promised to the next order, as inventory last said; null where that is not known. */
export type Product = z.infer<typeof newProduct> & { available: number | null };
