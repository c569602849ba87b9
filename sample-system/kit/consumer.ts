import { setTimeout as sleep } from "node:timers/promises";
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { type Channel, type ConsumeMessage, IllegalOperationError } from "amqplib";
import { backoffMs } from "./backoff.ts";
import { type Broker, connectBroker, DEAD_LETTER_EXCHANGE, EVENTS_EXCHANGE, listenForErrors } from "./broker.ts";
import { log, toReason } from "./log.ts";

/** Messages in work at once; the others wait at the broker. */
const PREFETCH = 8;

/** Thrown by a handler for a message that will never be understood: it goes to the dead letters. */
export class PoisonMessageError extends Error {
  override name = "PoisonMessageError";
}

/**
 * Takes events from a durable queue of its own, each acknowledged once `handle` has done with it. A handler that fails is
 * asked again, with growing pauses, for as long as the connection lives: what it needs is down, and the queue keeps the rest.
 * Delivery is at least once.
 */
export function createConsumer({ url, queue, event, handle }: ConsumerParts): Broker {
  return connectBroker(url, async (model) => {
    const channel = listenForErrors(await model.createChannel(), model);
    let open = true;
    channel.on("close", () => {
      open = false;
    });
    await channel.assertExchange(EVENTS_EXCHANGE, "topic", { durable: true });
    await channel.assertExchange(DEAD_LETTER_EXCHANGE, "direct", { durable: true });
    await channel.assertQueue(`${queue}.dead`, { durable: true });
    await channel.bindQueue(`${queue}.dead`, DEAD_LETTER_EXCHANGE, queue);
    await channel.assertQueue(queue, {
      durable: true,
      deadLetterExchange: DEAD_LETTER_EXCHANGE,
      deadLetterRoutingKey: queue,
    });
    await channel.bindQueue(queue, EVENTS_EXCHANGE, event);
    await channel.prefetch(PREFETCH);
    await channel.consume(queue, (message) => {
      // null: the broker cancelled the consumer, since the queue was deleted. A new connection makes it again.
      if (message === null) return void model.close().catch(() => {});
      void work(channel, queue, message, handle, () => open);
    });
  });
}

export type ConsumerParts = {
  url: string;
  queue: string;
  event: string;
  handle: (body: unknown) => Promise<void>;
};

async function work(
  channel: Channel,
  queue: string,
  message: ConsumeMessage,
  handle: ConsumerParts["handle"],
  isOpen: () => boolean,
) {
  const parent = propagation.extract(ROOT_CONTEXT, message.properties.headers ?? {});
  for (let attempt = 0; isOpen(); attempt++) {
    const outcome = await attemptOnce(queue, message, handle, parent);
    if (outcome !== "failed") return settle(channel, message, outcome);
    await sleep(backoffMs(attempt));
  }
}

/** On a channel that has closed meanwhile this is refused, and the broker delivers the message again. */
function settle(channel: Channel, message: ConsumeMessage, outcome: "done" | "poison") {
  try {
    if (outcome === "done") channel.ack(message);
    else channel.nack(message, false, false);
  } catch (error) {
    if (!(error instanceof IllegalOperationError)) throw error;
  }
}

/** One span for each attempt. */
async function attemptOnce(
  queue: string,
  message: ConsumeMessage,
  handle: ConsumerParts["handle"],
  parent: ReturnType<typeof propagation.extract>,
): Promise<"done" | "poison" | "failed"> {
  const span = trace.getTracer("corner-shop.broker").startSpan(
    `process ${queue}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        "messaging.system": "rabbitmq",
        "messaging.operation.type": "process",
        "messaging.destination.name": queue,
        "messaging.rabbitmq.destination.routing_key": message.fields.routingKey,
        "peer.service": "rabbitmq",
      },
    },
    parent,
  );
  try {
    await context.with(trace.setSpan(parent, span), () => handle(toJson(message.content)));
    return "done";
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: toReason(error) });
    if (!(error instanceof PoisonMessageError)) return "failed";
    log(`a message of ${queue} goes to the dead letters: ${error.message}`);
    return "poison";
  } finally {
    span.end();
  }
}

function toJson(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString());
  } catch {
    throw new PoisonMessageError("not JSON");
  }
}
