import type { Database } from "../kit/database.ts";
import { type Bus, createMessaging } from "../kit/messaging/messaging.ts";
import type { Module } from "../kit/module.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { consumes } from "./consumes.ts";
import { listMails } from "./mail-store.ts";
import { addRoutes } from "./routes.ts";

export type NotificationsParts = { policies: Policies; database: Database; bus: Bus };

/** Where the tables come from. */
export const migrations = new URL("migrations/", import.meta.url);

/** Notifications: a mail for each order that came to its end. */
export function createNotifications({ policies, database, bus }: NotificationsParts): Module {
  const messaging = createMessaging({ service: "notifications", bus, database, policies, consumes });

  return {
    name: "notifications",
    addRoutes: (server) => addRoutes(server, database),
    needs: [database, messaging],
    async audit({ since }) {
      const now = Date.now();
      return { now, mails: await listMails(database, since), messaging: await messaging.audit() };
    },
    async reset() {
      await messaging.reset();
      try {
        await database.query("TRUNCATE mails");
      } finally {
        await messaging.resume();
      }
    },
    parts: [messaging, bus, database],
  };
}
