import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { toReason } from "../log.ts";
import type { Bus, Delivery } from "./bus.ts";
import type { Headers, Message } from "./message.ts";

/** The trace that is on now, to travel with a message. */
export function currentHeaders(): Headers {
  const headers: Headers = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** Publishes in a span of its own, which belongs to the trace in `headers` and travels on in their place. */
export function sendInSpan(bus: Bus, message: Message, headers: Headers): Promise<void> {
  const parent = propagation.extract(ROOT_CONTEXT, headers);
  const span = trace.getTracer("corner-shop.messaging").startSpan(
    `send ${message.name}`,
    {
      kind: SpanKind.PRODUCER,
      attributes: {
        ...describe(bus, message),
        "messaging.operation.type": "send",
        "messaging.destination.name": "events",
      },
    },
    parent,
  );
  return within(span, trace.setSpan(parent, span), () => bus.publish(message, { ...headers, ...currentHeaders() }));
}

/** Handles in a span of its own, in the trace of whoever sent the message. */
export function processInSpan(
  { bus, queue, delivery }: { bus: Bus; queue: string; delivery: Delivery },
  work: (span: Span) => Promise<void>,
): Promise<void> {
  const { message, headers, deliveries, redelivered } = delivery;
  const parent = propagation.extract(ROOT_CONTEXT, headers);
  const attributes: Attributes = {
    ...describe(bus, message),
    "messaging.operation.type": "process",
    "messaging.destination.name": queue,
    ...(deliveries > 1 ? { "messaging.deliveries": deliveries } : {}),
    ...(redelivered ? { "messaging.redelivered": true } : {}),
  };
  const name = `process ${message.name || "unreadable"}`;
  const span = trace
    .getTracer("corner-shop.messaging")
    .startSpan(name, { kind: SpanKind.CONSUMER, attributes }, parent);
  return within(span, trace.setSpan(parent, span), () => work(span));
}

async function within(span: Span, active: ReturnType<typeof context.active>, work: () => Promise<void>) {
  try {
    await context.with(active, work);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: toReason(error) });
    throw error;
  } finally {
    span.end();
  }
}

function describe(bus: Bus, { id, name, correlationId }: Message): Attributes {
  return {
    ...bus.attributes,
    "messaging.message.id": id,
    "messaging.message.conversation_id": correlationId,
    "messaging.rabbitmq.destination.routing_key": name,
  };
}
