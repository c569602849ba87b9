import type { Edge } from "../kit/calls/call-edge.ts";
import type { Database } from "../kit/database.ts";
import { type Bus, createMessaging } from "../kit/messaging/messaging.ts";
import type { Module } from "../kit/module.ts";
import { isOn } from "../kit/policies/is-on.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { readAudit } from "./audit.ts";
import { createBankClient } from "./bank.ts";
import { createCommands } from "./commands.ts";
import { addRoutes } from "./routes.ts";

export type PaymentsParts = { policies: Policies; database: Database; bus: Bus; bank: Edge };

/** Where the tables come from. */
export const migrations = new URL("migrations/", import.meta.url);

/** Payments: asks the bank, and keeps account of what it was asked and what came of it. */
export function createPayments({ policies, database, bus, bank }: PaymentsParts): Module {
  const isIdempotent = () => isOn(policies, "idempotencyKeys");
  const parts = { database, bank: createBankClient(bank, isIdempotent), isIdempotent };
  const messaging = createMessaging({ service: "payments", bus, database, policies, consumes: createCommands(parts) });

  return {
    name: "payments",
    addRoutes: (server) => addRoutes(server, parts),
    needs: [database, messaging, bank],
    async audit({ since }) {
      return { ...(await readAudit(database, since)), messaging: await messaging.audit() };
    },
    async reset() {
      await messaging.reset();
      try {
        await database.query("TRUNCATE payments, authorizations");
        bank.reset();
      } finally {
        await messaging.resume();
      }
    },
    parts: [messaging, bus, bank, database],
  };
}
