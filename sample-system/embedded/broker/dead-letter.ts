import { decodeProperties, encodeProperties } from "./codec.ts";
import type { Message } from "./message.ts";
import type { Table } from "./methods.ts";

export type DeathReason = "rejected" | "expired";
type Death = Table & { queue: string; reason: string; count: number };

/**
 * The message as it goes to the dead-letter exchange, with RabbitMQ's `x-death` record: newest death first, a death in
 * the same queue for the same reason counted up. Its own time limit goes, or it would expire again at once.
 */
export function toDeadLetter(
  message: Message,
  queue: string,
  reason: DeathReason,
  routingKey: string,
  exchange: string,
): Omit<Message, "id"> {
  const { expiration, ...kept } = decodeProperties(message.properties);
  const headers = kept.headers ?? {};
  const deaths = deathsOf(headers);
  const same = deaths.find((death) => death.queue === queue && death.reason === reason);
  const death: Death = {
    ...(same ?? {
      reason,
      queue,
      exchange: message.exchange,
      "routing-keys": [message.routingKey],
      ...(expiration === undefined ? {} : { "original-expiration": expiration }),
    }),
    queue,
    reason,
    count: (same?.count ?? 0) + 1,
    time: { "!": "timestamp", value: Math.floor(Date.now() / 1000) },
  };
  const now: Table = {
    ...first(headers, "reason", reason),
    ...first(headers, "queue", queue),
    ...first(headers, "exchange", message.exchange),
    "x-last-death-reason": reason,
    "x-last-death-queue": queue,
    "x-last-death-exchange": message.exchange,
    "x-death": [death, ...deaths.filter((other) => other !== same)],
  };
  return {
    ...message,
    exchange,
    routingKey,
    receivedAt: Date.now(),
    expiresAfterMs: undefined,
    properties: tryEncode({ ...kept, headers: { ...headers, ...now } }, message.properties),
  };
}

/** The queues of an automatic circle: dead letters that nobody rejected on the way would turn in it for ever. */
export function hasCircled(properties: Buffer, queue: string): boolean {
  const deaths = deathsOf(decodeProperties(properties).headers ?? {});
  return deaths.some((death) => death.queue === queue) && deaths.every((death) => death.reason !== "rejected");
}

function deathsOf(headers: Table): Death[] {
  // A client may have written anything there.
  const found: unknown = headers["x-death"];
  return Array.isArray(found) ? found.filter((one) => typeof one?.queue === "string") : [];
}

function first(headers: Table, name: string, value: string): Table {
  return { [`x-first-death-${name}`]: headers[`x-first-death-${name}`] ?? value };
}

/** Headers that leave no room for the record: the message matters more. */
function tryEncode(fields: Table, instead: Buffer): Buffer {
  try {
    return encodeProperties(fields);
  } catch {
    return instead;
  }
}
