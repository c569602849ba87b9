import { createConsumer } from "../kit/consumer.ts";
import { openDatabase } from "../kit/database.ts";
import { address, readEnv } from "../kit/env.ts";
import { closeOnSignal } from "../kit/lifecycle.ts";
import { log } from "../kit/log.ts";
import { createMailStore, migration } from "./store.ts";
import { toMail } from "./to-mail.ts";

/** Notifications: one mail for each confirmed order. Nobody waits for it. */
const env = readEnv({ DATABASE_URL: address, BROKER_URL: address });
const database = openDatabase({ url: env.DATABASE_URL, peer: "notifications-db", migration });
const mails = createMailStore(database);
const consumer = createConsumer({
  url: env.BROKER_URL,
  queue: "notifications",
  event: "OrderConfirmed",
  handle: async (body) => mails.add(toMail(body)),
});

log("notifications waits for confirmed orders");
closeOnSignal([consumer, database]);
