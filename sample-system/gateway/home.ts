import { z } from "zod";
import { CallError } from "../kit/calls/call-error.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { gather, hasFallbacks } from "./gather.ts";
import { readAnswer } from "./read-answer.ts";
import type { Services } from "./services.ts";

/*
 * The home page, aggregated:
 *
 *   catalog    GET /products ────┐  failed: the last list that we had
 *   inventory  GetAvailability ──┼─▶ products, each with its stock badge, and what shipping costs
 *   shipping   GET /quote ───────┘  failed: the badge that the catalog knew, or none; no price
 *
 * Each fallback applies where its edge's policy is on. With all three the page asks at once, without one in turn.
 */
const productList = z.object({
  products: z.array(
    z.object({
      sku: z.string(),
      name: z.string(),
      priceCents: z.number(),
      /** The catalog's own copy of the stock, where it keeps one. */
      available: z.number().nullish(),
    }),
  ),
});
const availability = z.object({ items: z.array(z.object({ sku: z.string(), available: z.coerce.number() })) });
const shippingQuote = z.object({ cents: z.number(), days: z.number() });

type ListedProduct = z.infer<typeof productList>["products"][number];
type Stock = Map<string, number>;

export type HomePage = {
  products: { sku: string; name: string; priceCents: number; available: number | null }[];
  /** For one piece of the first product. */
  shipping: { cents: number; days: number } | null;
  /** What is missing or old in it. */
  degraded: ("stale_products" | "replicated_stock" | "no_stock" | "no_quote")[];
};
export type Home = { page(): Promise<HomePage>; reset(): void };

type Parts = Pick<Services, "catalog" | "inventory" | "shipping"> & { policies: Pick<Policies, "edge"> };

export function createHome({ catalog, inventory, shipping, policies }: Parts): Home {
  let lastList: ListedProduct[] | undefined;

  async function askList() {
    const { body } = await catalog.call({ method: "GET", path: "/products", template: "/products" });
    lastList = readAnswer("catalog", productList, body).products;
    return { products: lastList, stale: false };
  }
  function staleList() {
    if (!lastList) throw new CallError("catalog", "unreachable", "catalog gave no list, and there is no older one");
    return { products: lastList, stale: true };
  }
  async function askStock(): Promise<Stock> {
    const skus = (lastList ?? []).map(({ sku }) => sku);
    const { items } = readAnswer("inventory", availability, await inventory.call("GetAvailability", { skus }));
    return new Map(items.map(({ sku, available }) => [sku, available]));
  }
  async function askQuote() {
    const query = new URLSearchParams({ sku: lastList?.[0]?.sku ?? "", quantity: "1" });
    const { body } = await shipping.call({ method: "GET", path: `/quote?${query}`, template: "/quote" });
    return readAnswer("shipping", shippingQuote, body);
  }

  return {
    async page() {
      const atOnce = hasFallbacks(policies, ["catalog", "inventory", "shipping"]);
      // The others are asked about the products of the last list; the first page has none yet.
      const [list, [stock, quote]] = await gather(
        atOnce && lastList !== undefined,
        () => catalog.withFallback(askList, staleList),
        () =>
          gather(
            atOnce,
            () => inventory.withFallback<Stock | null>(askStock, () => null),
            () => shipping.withFallback<HomePage["shipping"]>(askQuote, () => null),
          ),
      );
      const products = list.products.map((product) => ({
        ...product,
        available: stock?.get(product.sku) ?? product.available ?? null,
      }));
      const hasBadges = products.every(({ available }) => available !== null);
      const degraded: HomePage["degraded"] = [];
      if (list.stale) degraded.push("stale_products");
      if (!stock) degraded.push(hasBadges ? "replicated_stock" : "no_stock");
      if (!quote) degraded.push("no_quote");
      return { products, shipping: quote, degraded };
    },
    reset() {
      lastList = undefined;
    },
  };
}
