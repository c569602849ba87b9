import type { CacheEdge } from "../kit/calls/cache-edge.ts";
import type { Database } from "../kit/database.ts";
import { type Bus, createMessaging } from "../kit/messaging/messaging.ts";
import type { Module } from "../kit/module.ts";
import { isOn } from "../kit/policies/is-on.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { readAudit } from "./audit.ts";
import { createCachedReads } from "./cached-reads.ts";
import { createConsumes } from "./consumes.ts";
import { createPatientCache } from "./patient-cache.ts";
import { reseed } from "./product-store.ts";
import { addRoutes } from "./routes.ts";
import { createShelf } from "./shelf.ts";

export type CatalogParts = { policies: Policies; database: Database; bus: Bus; cache: CacheEdge };

/** Where the tables come from. */
export const migrations = new URL("migrations/", import.meta.url);

/** Catalog: what the shop sells, and for how much. */
export function createCatalog({ policies, database, bus, cache }: CatalogParts): Module {
  const isReplicated = () => isOn(policies, "replication");
  const consumes = createConsumes(isReplicated);
  const messaging = createMessaging({ service: "catalog", bus, database, policies, consumes });
  const reads = createCachedReads({ cache: createPatientCache(cache, policies), policies });
  const shelf = createShelf({ database, reads, policies });

  return {
    name: "catalog",
    addRoutes: (server) => addRoutes(server, { shelf, messaging }),
    // Not the cache: it makes things faster, and everything works without it.
    needs: [database, messaging],
    async audit({ since }) {
      const { now, products } = await readAudit(database, since);
      const told = isReplicated() ? products : products.map((product) => ({ ...product, available: null }));
      return { now, products: told, messaging: await messaging.audit() };
    },
    async reset() {
      await messaging.reset();
      try {
        await messaging.transaction(async (tx) => {
          for (const { sku, priceCents } of await reseed(tx)) {
            await tx.emit({ name: "ProductPriceChanged", correlationId: sku, body: { sku, priceCents } });
          }
        });
        cache.reset();
        await reads.clear();
      } finally {
        await messaging.resume();
      }
    },
    parts: [messaging, bus, cache, database],
  };
}
