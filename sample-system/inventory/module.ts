import type { GrpcHandlers } from "../kit/calls/grpc/grpc-server.ts";
import type { Database } from "../kit/database.ts";
import type { Bus } from "../kit/messaging/bus.ts";
import { createMessaging } from "../kit/messaging/messaging.ts";
import type { Module } from "../kit/module.ts";
import { isOn } from "../kit/policies/is-on.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { readAudit } from "./audit.ts";
import { createCommands } from "./commands.ts";
import { createGrpcHandlers } from "./grpc.ts";
import { addRoutes } from "./routes.ts";

export type InventoryParts = { policies: Policies; database: Database; bus: Bus };
export type Inventory = Module & {
  /** The methods of inventory.proto, for a door of their own or for the module next door. */
  grpcHandlers: GrpcHandlers;
};

/** Where the tables come from. */
export const migrations = new URL("migrations/", import.meta.url);

/** Inventory: how much of everything is there, and what of it is promised to an order. */
export function createInventory({ policies, database, bus }: InventoryParts): Inventory {
  const isIdempotent = () => isOn(policies, "inbox");
  const messaging = createMessaging({
    service: "inventory",
    bus,
    database,
    policies,
    consumes: createCommands(isIdempotent),
  });

  return {
    name: "inventory",
    addRoutes: (server) => addRoutes(server, { database, messaging, isIdempotent }),
    grpcHandlers: createGrpcHandlers(database),
    needs: [database, messaging],
    async audit({ since }) {
      return { ...(await readAudit(database, since)), messaging: await messaging.audit() };
    },
    async reset() {
      await messaging.reset();
      try {
        await database.transaction(async (tx) => {
          await tx.query("TRUNCATE reservations");
          await tx.query("UPDATE stock SET on_hand = initial, reserved = 0, shipped = 0");
        });
      } finally {
        await messaging.resume();
      }
    },
    parts: [messaging, bus, database],
  };
}
