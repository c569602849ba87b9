import { AmqpError } from "./amqp-error.ts";
import type { Table } from "./methods.ts";

export type QueueArguments = {
  ttlMs: number | undefined;
  deadLetterExchange: string | undefined;
  deadLetterRoutingKey: string | undefined;
};

/** Reads the arguments that this broker obeys. One that it does not know is refused, not ignored: it would promise in vain. */
export function readQueueArguments(table: Table): QueueArguments {
  const found: QueueArguments = { ttlMs: undefined, deadLetterExchange: undefined, deadLetterRoutingKey: undefined };
  for (const [name, value] of Object.entries(table)) {
    if (name === "x-message-ttl" && Number.isSafeInteger(value) && Number(value) >= 0) found.ttlMs = Number(value);
    else if (name === "x-dead-letter-exchange" && typeof value === "string") found.deadLetterExchange = value;
    else if (name === "x-dead-letter-routing-key" && typeof value === "string") found.deadLetterRoutingKey = value;
    else if (!(name === "x-queue-type" && value === "classic")) {
      throw new AmqpError(
        "PRECONDITION_FAILED",
        `invalid or unsupported arg '${name}' for queue: ${JSON.stringify(value)}`,
      );
    }
  }
  if (found.deadLetterRoutingKey !== undefined && found.deadLetterExchange === undefined) {
    throw new AmqpError(
      "PRECONDITION_FAILED",
      "invalid arg 'x-dead-letter-routing-key' without 'x-dead-letter-exchange'",
    );
  }
  return found;
}

/** Throws 406 where the arguments of a second declaration differ. */
export function compareArguments(queue: string, current: Table, received: Table): void {
  for (const name of new Set([...Object.keys(current), ...Object.keys(received)])) {
    // A classic queue is what one gets without saying so.
    if (name === "x-queue-type" || current[name] === received[name]) continue;
    throw inequivalent(name, "queue", queue, received[name], current[name]);
  }
}

export function inequivalent(
  name: string,
  what: string,
  whose: string,
  received: unknown,
  current: unknown,
): AmqpError {
  const says = (value: unknown) => (value === undefined ? "none" : `'${String(value)}'`);
  return new AmqpError(
    "PRECONDITION_FAILED",
    `inequivalent arg '${name}' for ${what} '${whose}' in vhost '/': received ${says(received)} but current is ${says(current)}`,
  );
}
