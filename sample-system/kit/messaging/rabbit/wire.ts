import type { ConsumeMessage, Options } from "amqplib";
import type { Headers, Message } from "../message.ts";

/** A message as AMQP carries it: the body as JSON, the rest in its properties and headers. */
export function toWire(message: Message, headers: Headers): { content: Buffer; options: Options.Publish } {
  const { id, name, correlationId, causationId, at, body } = message;
  return {
    content: Buffer.from(JSON.stringify(body)),
    options: {
      persistent: true,
      contentType: "application/json",
      messageId: id,
      type: name,
      correlationId,
      // AMQP counts in seconds.
      timestamp: Math.floor(at / 1_000),
      headers: { ...headers, "x-at": at, ...(causationId ? { "x-causation-id": causationId } : {}) },
    },
  };
}

export function fromWire({ content, properties }: Pick<ConsumeMessage, "content" | "properties">) {
  const own: Record<string, unknown> = properties.headers ?? {};
  const headers: Headers = {};
  for (const [name, value] of Object.entries(own)) if (typeof value === "string") headers[name] = value;
  const message: Message = {
    id: text(properties.messageId),
    name: text(properties.type),
    correlationId: text(properties.correlationId),
    at: Number(own["x-at"] ?? 0),
    body: undefined,
    ...(headers["x-causation-id"] ? { causationId: headers["x-causation-id"] } : {}),
  };
  try {
    message.body = JSON.parse(content.toString());
  } catch {
    return { message, headers, unreadable: "not JSON" };
  }
  return message.id && message.name ? { message, headers } : { message, headers, unreadable: "has no id or no name" };
}

/** How often a message of this queue has been given to somebody, this time included. RabbitMQ counts each return. */
export function countDeliveries(queue: string, { properties }: Pick<ConsumeMessage, "properties">): number {
  const deaths: unknown = properties.headers?.["x-death"];
  if (!Array.isArray(deaths)) return 1;
  const returned = deaths.find((death) => death?.queue === queue && death?.reason === "rejected");
  return 1 + (Number(returned?.count) || 0);
}

const text = (value: unknown) => (typeof value === "string" ? value : "");
