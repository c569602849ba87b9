import { z } from "zod";
import type { Edge } from "../kit/calls/call-edge.ts";
import { CallError } from "../kit/calls/call-error.ts";

/*
 * The home page, aggregated:
 *
 *   catalog   GET /products ─────┐  failed: the last list that we had (stale)
 *                                ├─▶ products, each with its stock badge
 *   inventory GET /availability ─┘  failed: no badges
 *
 * Fallbacks apply where the edge's fallback policy is on.
 */
type Asked = Pick<Edge, "call" | "withFallback">;

const productList = z.object({
  products: z.array(z.object({ sku: z.string(), name: z.string(), priceCents: z.number() })),
});
const stockList = z.object({ availability: z.array(z.object({ sku: z.string(), available: z.number() })) });
type Product = z.infer<typeof productList>["products"][number];

export type HomePage = {
  products: (Product & { available: number | null })[];
  /** What is missing or old in it. */
  degraded: ("stale_products" | "no_stock")[];
};

export function createHome({ catalog, inventory }: { catalog: Asked; inventory: Asked }): () => Promise<HomePage> {
  let lastProducts: Product[] | undefined;

  async function askProducts() {
    const answer = await catalog.call({ method: "GET", path: "/products", template: "/products" });
    lastProducts = productList.parse(answer.body).products;
    return { products: lastProducts, stale: false };
  }
  function staleProducts() {
    if (!lastProducts)
      throw new CallError("catalog", "unreachable", "catalog is unreachable, and there is no older list");
    return { products: lastProducts, stale: true };
  }
  async function askStock() {
    const answer = await inventory.call({ method: "GET", path: "/availability", template: "/availability" });
    const { availability } = stockList.parse(answer.body);
    return new Map(availability.map(({ sku, available }) => [sku, available]));
  }

  return async () => {
    const [{ products, stale }, stock] = await Promise.all([
      catalog.withFallback(askProducts, staleProducts),
      inventory.withFallback<Map<string, number> | null>(askStock, () => null),
    ]);
    return {
      products: products.map((product) => ({ ...product, available: stock?.get(product.sku) ?? null })),
      degraded: [...(stale ? (["stale_products"] as const) : []), ...(stock ? [] : (["no_stock"] as const))],
    };
  };
}
