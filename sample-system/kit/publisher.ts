import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { ConfirmChannel } from "amqplib";
import { type Broker, connectBroker, EVENTS_EXCHANGE, listenForErrors } from "./broker.ts";
import { toReason } from "./log.ts";

/** Messages sent and not yet confirmed; a broker that is so far behind counts as down. */
const MAX_UNCONFIRMED = 100;
/** How long the broker may take to confirm one. */
const CONFIRM_TIMEOUT_MS = 1_000;

export type Publisher = Broker & {
  /** Resolves when the broker has confirmed it; rejects at once while there is no connection, else within CONFIRM_TIMEOUT_MS. */
  publish(event: string, body: object): Promise<void>;
};

/** Publishes events, by their name as routing key, with the trace that they belong to in their headers. */
export function createPublisher(url: string): Publisher {
  let channel: ConfirmChannel | undefined;
  let unconfirmed = 0;

  const broker = connectBroker(url, async (model) => {
    const next = listenForErrors(await model.createConfirmChannel(), model);
    await next.assertExchange(EVENTS_EXCHANGE, "topic", { durable: true });
    next.on("close", () => {
      if (channel === next) channel = undefined;
    });
    channel = next;
  });

  function send(event: string, body: object, headers: Record<string, string>): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!channel) return reject(new Error("rabbitmq is not connected"));
      if (unconfirmed >= MAX_UNCONFIRMED) return reject(new Error(`rabbitmq has ${unconfirmed} messages to confirm`));
      const timer = setTimeout(
        () => reject(new Error(`rabbitmq did not confirm within ${CONFIRM_TIMEOUT_MS} ms`)),
        CONFIRM_TIMEOUT_MS,
      );
      unconfirmed += 1;
      const options = { persistent: true, contentType: "application/json", type: event, headers };
      const onConfirm = (error: unknown) => {
        unconfirmed -= 1;
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      };
      try {
        channel.publish(EVENTS_EXCHANGE, event, Buffer.from(JSON.stringify(body)), options, onConfirm);
      } catch (error) {
        // A channel that is just closing takes nothing, and will confirm nothing.
        onConfirm(error);
      }
    });
  }

  return {
    ...broker,
    async publish(event, body) {
      const span = trace.getTracer("corner-shop.broker").startSpan(`send ${EVENTS_EXCHANGE}`, {
        kind: SpanKind.PRODUCER,
        attributes: {
          "messaging.system": "rabbitmq",
          "messaging.operation.type": "send",
          "messaging.destination.name": EVENTS_EXCHANGE,
          "messaging.rabbitmq.destination.routing_key": event,
          "peer.service": "rabbitmq",
        },
      });
      const headers: Record<string, string> = {};
      propagation.inject(trace.setSpan(context.active(), span), headers);
      try {
        await send(event, body, headers);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: toReason(error) });
        throw error;
      } finally {
        span.end();
      }
    },
  };
}
