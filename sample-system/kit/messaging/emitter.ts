import { randomUUID } from "node:crypto";
import type { Database } from "../database.ts";
import { log, toReason } from "../log.ts";
import { isOn } from "../policies/is-on.ts";
import type { Policies } from "../policies/policies.ts";
import type { Bus } from "./bus.ts";
import type { Tx } from "./handler.ts";
import type { Draft, Message } from "./message.ts";
import { addToOutbox, type Outgoing } from "./outbox.ts";
import { currentHeaders, sendInSpan } from "./spans.ts";

export type EmitterParts = { bus: Bus; database: Database; policies: Policies; committed: () => void };

/**
 * Transactions that can emit. With the outbox on, what is emitted is a row in the transaction, and `committed` is called
 * after it; with the outbox off, it is published after the commit, and lost when that fails.
 */
export function createEmitter({ bus, database, policies, committed }: EmitterParts) {
  return async function transaction<T>(work: (tx: Tx) => Promise<T>, cause?: Message): Promise<T> {
    const keeps = isOn(policies, "outbox");
    const emitted: Outgoing[] = [];
    const result = await database.transaction((tx) =>
      work({
        query: tx.query,
        async emit(draft) {
          const outgoing = { message: toMessage(draft, cause), headers: currentHeaders() };
          emitted.push(outgoing);
          if (keeps) await addToOutbox(tx, outgoing);
        },
      }),
    );
    if (keeps && emitted.length > 0) committed();
    if (!keeps) for (const outgoing of emitted) await sendOrLose(bus, outgoing);
    return result;
  };
}

async function sendOrLose(bus: Bus, { message, headers }: Outgoing) {
  await sendInSpan(bus, message, headers).catch((error: unknown) =>
    log(`${message.name} of ${message.correlationId} is lost: ${toReason(error)}`),
  );
}

function toMessage({ name, correlationId, body }: Draft, cause: Message | undefined): Message {
  return { id: randomUUID(), name, correlationId, at: Date.now(), body, ...(cause ? { causationId: cause.id } : {}) };
}
