import type { Database } from "../kit/database.ts";
import type { Bus } from "../kit/messaging/bus.ts";
import { createMessaging } from "../kit/messaging/messaging.ts";
import type { Module } from "../kit/module.ts";
import { isOn } from "../kit/policies/is-on.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { readAudit } from "./audit.ts";
import { createCommands } from "./commands.ts";
import { addRoutes } from "./routes.ts";

export type ShippingParts = { policies: Policies; database: Database; bus: Bus };

/** Where the tables come from. */
export const migrations = new URL("migrations/", import.meta.url);

/** Shipping: what it costs to send something, and a parcel for each order. */
export function createShipping({ policies, database, bus }: ShippingParts): Module {
  const isIdempotent = () => isOn(policies, "inbox");
  const messaging = createMessaging({
    service: "shipping",
    bus,
    database,
    policies,
    consumes: createCommands(isIdempotent),
  });

  return {
    name: "shipping",
    addRoutes: (server) => addRoutes(server, { database, messaging, isIdempotent }),
    needs: [database, messaging],
    async audit({ since }) {
      return { ...(await readAudit(database, since)), messaging: await messaging.audit() };
    },
    async reset() {
      await messaging.reset();
      try {
        await database.query("TRUNCATE shipments");
      } finally {
        await messaging.resume();
      }
    },
    parts: [messaging, bus, database],
  };
}
