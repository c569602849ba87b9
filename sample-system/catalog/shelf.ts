import type { Queries } from "../kit/database.ts";
import { isOn } from "../kit/policies/is-on.ts";
import type { Policies } from "../kit/policies/policies.ts";
import type { CachedReads } from "./cached-reads.ts";
import type { Product } from "./product.ts";
import { findProduct, listProducts } from "./product-store.ts";

/** The products as customers see them. A stock badge is as old as the cache lets it be; without replication there is none. */
export type Shelf = {
  list(): Promise<Product[]>;
  find(sku: string): Promise<Product | null>;
  /** After a change of this product. */
  changed(sku: string): Promise<void>;
};

const LIST_KEY = "catalog:products";
const toKey = (sku: string) => `catalog:product:${sku}`;

export function createShelf(parts: { database: Queries; reads: CachedReads; policies: Policies }): Shelf {
  const { database, reads, policies } = parts;
  const toShown = (product: Product): Product =>
    isOn(policies, "replication") ? product : { ...product, available: null };

  return {
    list: async () => (await reads.read(LIST_KEY, () => listProducts(database))).map(toShown),
    async find(sku) {
      const product = await reads.read(toKey(sku), () => findProduct(database, sku));
      return product && toShown(product);
    },
    changed: (sku) => reads.forget(LIST_KEY, toKey(sku)),
  };
}
