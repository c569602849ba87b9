import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, vi } from "vitest";
import { type Database, openDatabase } from "../database.ts";
import type { ComponentPolicies } from "../policies/schema.ts";
import { createFixedPolicies } from "../testing/fixed-policies.ts";
import { createStandIn } from "../testing/start-stand-in.ts";
import type { Bus } from "./bus.ts";
import type { Consumes } from "./handler.ts";
import { createMessaging, type Messaging, type MessagingParts } from "./messaging.ts";
import { createRabbitBus } from "./rabbit-bus.ts";

export const patiently = { timeout: 15_000, interval: 20 };

export const hardened: ComponentPolicies = {
  outbox: { enabled: true },
  inbox: { enabled: true },
  deadLetters: { enabled: true, maxDeliveries: 3 },
};

/** A Postgres and a broker, and services between them: each with a schema, a queue and policies of its own. */
export async function createServices() {
  const folder = mkdtempSync(join(tmpdir(), "messaging-test-"));
  writeFileSync(join(folder, "001.do.notes.sql"), "CREATE TABLE notes (id serial, text text NOT NULL);");
  const postgres = await createStandIn("postgres", { POSTGRES_USER: "s", POSTGRES_PASSWORD: "s", POSTGRES_DB: "s" });
  const broker = await createStandIn("broker", { RABBITMQ_DEFAULT_USER: "s", RABBITMQ_DEFAULT_PASS: "s" });
  const url = `postgres://s:s@127.0.0.1:${postgres.port}/s`;
  const brokerUrl = `amqp://s:s@127.0.0.1:${broker.port}`;
  postgres.start();
  broker.start();
  const open: { messaging: Messaging; bus: Bus; database: Database }[] = [];

  async function begin(
    consumes: Consumes = {},
    parts: Partial<MessagingParts> & { name?: string; patience?: typeof patiently } = {},
  ) {
    const service = parts.name ?? `s_${randomUUID().replaceAll("-", "")}`;
    const policies = createFixedPolicies({}, hardened);
    const bus = parts.bus ?? createRabbitBus(brokerUrl);
    const migrations = pathToFileURL(folder);
    const database = parts.database ?? openDatabase({ url, peer: "test-db", migrations, schema: service });
    const messaging = createMessaging({ service, bus, database, policies, consumes, ...parts });
    open.push({ messaging, bus, database });
    const waits = () => [messaging.waitingFor(), database.waitingFor()];
    await vi.waitFor(() => expect(waits()).toEqual([null, null]), parts.patience ?? patiently);
    const notes = async () =>
      (await database.query<{ text: string }>("SELECT text FROM notes ORDER BY id")).map(({ text }) => text);
    return { service, policies, bus, database, messaging, notes };
  }
  async function closeServices() {
    for (const { messaging, bus, database } of open.splice(0)) {
      await messaging.close();
      await bus.close();
      await database.close();
    }
  }
  // Laying out a Postgres takes its time; no test shall pay for it.
  await begin({}, { patience: { ...patiently, timeout: 45_000 } });
  await closeServices();
  return {
    postgres,
    broker,
    begin,
    closeServices,
    async remove() {
      await Promise.all([postgres.remove(), broker.remove()]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** A handler that notes what it gets, in its transaction. */
export const noting = {
  async handle({ body }: { body: unknown }, tx: { query(text: string, values: unknown[]): Promise<unknown> }) {
    await tx.query("INSERT INTO notes (text) VALUES ($1)", [JSON.stringify(body)]);
  },
};
