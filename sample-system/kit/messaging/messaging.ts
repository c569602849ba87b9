import type { Database } from "../database.ts";
import type { Policies } from "../policies/policies.ts";
import type { Bus, QueueCounts } from "./bus.ts";
import { createEmitter } from "./emitter.ts";
import { createPoisoner, isPaused } from "./flags.ts";
import type { Consumes, Tx } from "./handler.ts";
import { pruneInbox } from "./inbox.ts";
import { countOutbox } from "./outbox.ts";
import { createProcessing } from "./process-message.ts";
import { startRelay } from "./relay.ts";

// The words of everyone who uses it, so that a service imports from one place.
export type { Bus } from "./bus.ts";
export { PoisonMessageError, TransientError } from "./errors.ts";
export type { Consumes, Handler, Tx } from "./handler.ts";
export type { Message } from "./message.ts";

/*
 * How a service tells and is told, so that each message counts once although it may be sent and delivered more often:
 *
 *   HTTP ────▶ transaction ─▶ tables + outbox ─ relay ─▶ bus
 *   bus ─▶ inbox ─▶ handler ─────▲
 *
 * Outbox, inbox and dead letters are policies; without them one sees what they are for.
 */
export type Messaging = {
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  audit(): Promise<MessagingAudit>;
  /** Takes no more messages and forgets all that are here. Where it fails, messages are taken again and it may be repeated. */
  reset(): Promise<void>;
  /** Takes messages again after a reset. */
  resume(): Promise<void>;
  /** One line, or null when connected. The database is asked for itself. */
  waitingFor(): string | null;
  /** Ends what is begun; the bus and the database are closed by their owner, afterwards. */
  close(): Promise<void>;
};

/** `queue` is null for a service that consumes nothing. Counts of a queue that cannot be asked are those of the last time. */
export type MessagingAudit = { outbox: number; oldestOutboxMs: number; queue: string | null } & QueueCounts;

export type MessagingParts = {
  /** Also the name of its queue. */
  service: string;
  bus: Bus;
  database: Database;
  policies: Policies;
  consumes?: Consumes;
  /** Who must not miss what is said here, though nobody asks whether they are there: queue → message names. */
  listeners?: Record<string, string[]>;
  /** For tests: what the fault crash_before_ack does. */
  crash?: () => Promise<void>;
};

/** How long the audit waits for the broker. */
const COUNT_TIMEOUT_MS = 1_000;

export function createMessaging(parts: MessagingParts): Messaging {
  const { service, bus, database, policies, consumes = {}, listeners = {}, crash } = parts;
  database.alsoMigrate({ folder: new URL("migrations/", import.meta.url), versionTable: "messaging_version" });
  const relay = startRelay({ database, bus });
  const transaction = createEmitter({ bus, database, policies, committed: relay.kick });
  const pruning = pruneInbox(database);

  for (const [queue, names] of Object.entries(listeners)) bus.expect(queue, names);
  const names = Object.keys(consumes);
  const onMessage = createProcessing({ service, bus, database, policies, consumes, transaction, crash });
  const subscription = names.length > 0 ? bus.subscribe({ queue: service, names, onMessage }) : undefined;
  const poison = subscription && createPoisoner(policies, subscription);
  let counts: QueueCounts = { queued: 0, dead: 0, explained: 0 };
  let resetting = false;

  async function obeyFlags() {
    if (resetting || isPaused(policies)) await subscription?.pause();
    else await subscription?.resume();
    poison?.();
  }
  const stopObeying = policies.onChange(() => void obeyFlags());
  void obeyFlags();

  return {
    transaction: (work) => transaction(work),
    async audit() {
      counts = (await withinMs(COUNT_TIMEOUT_MS, subscription?.counts())) ?? counts;
      return { ...(await countOutbox(database)), queue: subscription ? service : null, ...counts };
    },
    async reset() {
      resetting = true;
      try {
        await subscription?.pause();
        await database.query("DELETE FROM outbox");
        await database.query("DELETE FROM inbox");
        await subscription?.purge();
      } catch (error) {
        resetting = false;
        await obeyFlags();
        throw error;
      }
    },
    async resume() {
      resetting = false;
      await obeyFlags();
    },
    waitingFor: bus.waitingFor,
    async close() {
      stopObeying();
      pruning.close();
      await Promise.all([subscription?.pause(), relay.close()]);
    },
  };
}

/** Undefined when it fails or takes longer. */
async function withinMs<T>(ms: number, work: Promise<T> | undefined): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, ms, undefined);
  try {
    return await Promise.race([work?.catch(() => undefined), promise]);
  } finally {
    clearTimeout(timer);
  }
}
