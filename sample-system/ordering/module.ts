import type { Edge } from "../kit/calls/call-edge.ts";
import type { Database } from "../kit/database.ts";
import { type Bus, createMessaging } from "../kit/messaging/messaging.ts";
import type { Module, Need } from "../kit/module.ts";
import { isOn, type Switch } from "../kit/policies/is-on.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { readOrders } from "./audit.ts";
import { placeOrder } from "./place-order.ts";
import { createPrices } from "./prices.ts";
import { addRoutes } from "./routes.ts";
import { createAskOutcome } from "./saga/ask-outcome.ts";
import { takeReplies } from "./saga/take-replies.ts";
import { wakeSagas } from "./saga/wake-sagas.ts";

export type OrderingParts = {
  policies: Policies;
  database: Database;
  bus: Bus;
  edges: Record<"catalog" | "inventory" | "payments" | "shipping" | "notifications", Edge>;
};

/** Where the tables come from. */
export const migrations = new URL("migrations/", import.meta.url);

/** Ordering: takes orders and sees each through, by saga or while the customer waits. */
export function createOrdering({ policies, database, bus, edges }: OrderingParts): Module {
  const prices = createPrices({ policies, database, catalog: edges.catalog });
  const messaging = createMessaging({
    service: "ordering",
    bus,
    database,
    policies,
    consumes: { ...takeReplies, ...prices.consumes },
    // Nobody waits for its mails, and so nothing else would tell that one is missing.
    listeners: { notifications: ["OrderConfirmed", "OrderCancelled"] },
  });
  const ask = createAskOutcome(edges, () => bus.waitingFor() === null);
  // Also while the saga is switched off: what began by saga ends by saga.
  const sagas = wakeSagas({ database, messaging, ask });
  const placing = { policies, database, messaging, prices, callees: edges };

  return {
    name: "ordering",
    addRoutes: (server) => addRoutes(server, { database, place: (request, key) => placeOrder(request, key, placing) }),
    needs: [database, messaging, ...toNeeds(edges, policies)],
    async audit({ since }) {
      const orders = await readOrders(database, since);
      return { now: Date.now(), orders, prices: await prices.audit(), messaging: await messaging.audit() };
    },
    async reset() {
      await messaging.reset();
      try {
        await database.transaction(async (tx) => {
          await tx.query("TRUNCATE sagas, orders, saga_log");
          await prices.reset(tx);
        });
      } finally {
        await messaging.resume();
      }
    },
    parts: [sagas, prices, messaging, ...Object.values(edges), bus, database],
  };
}

/** With the saga the others may come later; without it a checkout needs them all, and without a replica it needs catalog. */
function toNeeds({ catalog, ...others }: OrderingParts["edges"], policies: Policies): Need[] {
  const unless = (policy: Switch, { waitingFor }: Edge): Need => ({
    waitingFor: () => (isOn(policies, policy) ? null : waitingFor()),
  });
  return [unless("replication", catalog), ...Object.values(others).map((edge) => unless("saga", edge))];
}
