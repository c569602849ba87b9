import type { Span } from "@opentelemetry/api";
import { log, toReason } from "../log.ts";
import { flushTelemetry } from "../otel/flush.ts";
import { findFlag } from "../policies/flags.ts";
import type { Policies } from "../policies/policies.ts";
import type { FlagFault } from "../policies/schema.ts";
import type { Delivery, Subscription } from "./bus.ts";

/** Rolled for each message. */
const isHit = (fault: FlagFault) => Math.random() < fault.rate;

export function isPaused(policies: Policies): boolean {
  return findFlag(policies, "consumer_paused") !== undefined;
}

/** The fault by which this message is handled twice, if it is. */
export function rollDuplicate(policies: Policies): FlagFault | undefined {
  const fault = findFlag(policies, "duplicate_delivery");
  return fault && isHit(fault) ? fault : undefined;
}

/** The fault by which this process ends before it acknowledges this message. One that comes again is spared, or none would pass. */
export function rollCrash(policies: Policies, { message, redelivered, deliveries }: Delivery): FlagFault | undefined {
  const fault = findFlag(policies, "crash_before_ack");
  if (!fault || redelivered || deliveries > 1) return undefined;
  const only = fault.attributes.message;
  return (only === undefined || only === message.name) && isHit(fault) ? fault : undefined;
}

/** As a crash would, except that what led to it is still told. */
export async function crash(): Promise<never> {
  await flushTelemetry();
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => {});
}

export function markFault(span: Span, { id, type }: FlagFault) {
  span.setAttributes({ "fault.id": id, "fault.type": type });
}

/** Poisons the queue once for each such fault. */
export function createPoisoner(policies: Policies, subscription: Subscription): () => void {
  let poisonedBy: string | undefined;
  return () => {
    const fault = findFlag(policies, "poison_message");
    if (!fault || fault.id === poisonedBy) return;
    poisonedBy = fault.id;
    subscription.poison().catch((error: unknown) => {
      log(`the queue is not poisoned: ${toReason(error)}`);
      // The next document, which comes with every change, tries again.
      poisonedBy = undefined;
    });
  };
}
