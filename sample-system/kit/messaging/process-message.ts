import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../backoff.ts";
import type { Database } from "../database.ts";
import { DatabaseDownError, sqlState } from "../database-errors.ts";
import { log, toReason } from "../log.ts";
import { isOn } from "../policies/is-on.ts";
import type { Policies } from "../policies/policies.ts";
import type { FlagFault } from "../policies/schema.ts";
import type { Bus, Delivery, Verdict } from "./bus.ts";
import type { createEmitter } from "./emitter.ts";
import { PoisonMessageError, TransientError } from "./errors.ts";
import { crash, markFault, rollCrash, rollDuplicate } from "./flags.ts";
import type { Consumes } from "./handler.ts";
import { addToInbox, isInInbox } from "./inbox.ts";
import type { Message } from "./message.ts";
import { processInSpan } from "./spans.ts";

/*
 * One delivery, to its verdict:
 *
 *   known? ─▶ prepare ─▶ transaction: inbox row, handle, outbox rows ─▶ done
 *     │          └──────────┴─ what will pass ─▶ again in place, with growing pauses
 *     └─ done                  anything else ─▶ retry, then dead; without dead letters again and again
 */
export type ProcessParts = {
  service: string;
  bus: Bus;
  database: Database;
  policies: Policies;
  consumes: Consumes;
  transaction: ReturnType<typeof createEmitter>;
  /** Ends this process at once. */
  crash?: (() => Promise<void>) | undefined;
};

/** Without dead letters a message that fails comes again at once; its place is held meanwhile, so that it blocks but does not spin. */
const BLOCKED_MS = 500;

export function createProcessing(parts: ProcessParts): (delivery: Delivery) => Promise<Verdict> {
  const { service, policies } = parts;
  return async (delivery) => {
    const crashes = rollCrash(policies, delivery);
    const verdict = await decide(parts, delivery, crashes);
    if (verdict.kind === "dead") {
      log(`${service}: ${delivery.message.name || "a message"} goes to the dead letters: ${verdict.reason}`);
    }
    if (verdict.kind !== "done") return verdict;
    if (crashes) await (parts.crash ?? crash)();
    const twice = rollDuplicate(policies);
    // The same message once more: what comes of it changes nothing for the first.
    if (twice) await decide(parts, delivery, twice);
    return verdict;
  };
}

async function decide(parts: ProcessParts, delivery: Delivery, fault: FlagFault | undefined): Promise<Verdict> {
  for (let attempt = 0; ; attempt++) {
    try {
      await processOnce(parts, delivery, fault);
      return { kind: "done" };
    } catch (error) {
      if (!willPass(error)) return judge(parts.policies, delivery, error);
    }
    await pause(backoffMs(attempt), delivery.signal);
    if (delivery.signal.aborted) return { kind: "again" };
  }
}

async function judge(policies: Policies, { deliveries, signal }: Delivery, error: unknown): Promise<Verdict> {
  const rule = policies.component().deadLetters;
  if (!rule?.enabled) {
    await pause(BLOCKED_MS, signal);
    return { kind: "again" };
  }
  if (error instanceof PoisonMessageError) return { kind: "dead", reason: toReason(error) };
  if (deliveries < rule.maxDeliveries) return { kind: "retry" };
  return { kind: "dead", reason: `failed ${deliveries} times: ${toReason(error)}` };
}

/** Deadlocks and serialization failures (class 40) are over with the next attempt. */
function willPass(error: unknown): boolean {
  if (error instanceof DatabaseDownError || error instanceof TransientError) return true;
  return sqlState(error)?.startsWith("40") ?? false;
}

/** Ends early, and not with an error, when the signal comes. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

function processOnce(parts: ProcessParts, delivery: Delivery, fault: FlagFault | undefined): Promise<void> {
  return processInSpan({ bus: parts.bus, queue: parts.service, delivery }, async (span) => {
    if (fault) markFault(span, fault);
    if (delivery.unreadable !== undefined) throw new PoisonMessageError(delivery.unreadable);
    if (await handle(parts, delivery.message)) return;
    span.setAttribute("messaging.duplicate", true).addEvent("duplicate");
  });
}

/** False for a duplicate, with which nothing was done. */
async function handle({ consumes, policies, database, transaction, service }: ProcessParts, message: Message) {
  const handler = consumes[message.name];
  if (!handler) {
    log(`${service} knows no ${message.name}`);
    return true;
  }
  const remembers = isOn(policies, "inbox");
  if (handler.prepare && remembers && (await isInInbox(database, message.id))) return false;
  const prepared = await handler.prepare?.(message);
  return transaction(async (tx) => {
    if (remembers && !(await addToInbox(tx, message.id))) return false;
    await handler.handle(message, tx, prepared);
    return true;
  }, message);
}
