import { AmqpError } from "./amqp-error.ts";
import { decodeContentHeader, decodeProperties } from "./codec.ts";
import { LIMITS } from "./limits.ts";
import type { Link } from "./link.ts";
import type { Message } from "./message.ts";
import type { Handlers, Methods } from "./methods.ts";
import type { VirtualHost } from "./virtual-host.ts";

type Incoming = {
  publish: Methods["BasicPublish"];
  properties: Buffer | undefined;
  missingBytes: number;
  parts: Buffer[];
};

/**
 * A channel's publishing: basic.publish ─▶ header ─▶ body frames ─▶ route ─▶ confirm.
 * A persistent message in a durable queue is confirmed when it is written, any other at once.
 */
export function createPublishing(host: VirtualHost, link: Link, afterWrite: (done: () => void) => void) {
  let incoming: Incoming | undefined;
  let confirming = false;
  let published = 0;
  /** Not confirmed yet. Bounded, since the journal holds publishers back. */
  const unconfirmed = new Set<number>();
  /** Confirmed in this turn of the event loop, told together. */
  let confirmed: number[] = [];

  const handlers: Handlers = {
    BasicPublish(publish) {
      if (publish.immediate) throw new AmqpError("NOT_IMPLEMENTED", "immediate=true");
      incoming = { publish, properties: undefined, missingBytes: 0, parts: [] };
    },
    ConfirmSelect({ nowait }) {
      confirming = true;
      if (!nowait) link.send("ConfirmSelectOk", {});
    },
  };

  function onHeader(payload: Buffer): void {
    if (!incoming || incoming.properties) throw new AmqpError("UNEXPECTED_FRAME", "content header without a method");
    const { bodyBytes, properties } = decodeContentHeader(payload);
    if (bodyBytes > LIMITS.messageBytes) {
      incoming = undefined;
      throw new AmqpError(
        "PRECONDITION_FAILED",
        `message size ${bodyBytes} is larger than the allowed ${LIMITS.messageBytes}`,
      );
    }
    incoming.properties = properties;
    incoming.missingBytes = bodyBytes;
    if (bodyBytes === 0) complete(incoming, properties);
  }

  function onBody(payload: Buffer): void {
    if (!incoming?.properties) throw new AmqpError("UNEXPECTED_FRAME", "content body without a header");
    incoming.missingBytes -= payload.length;
    if (incoming.missingBytes < 0) throw new AmqpError("FRAME_ERROR", "content body longer than its header says");
    incoming.parts.push(payload);
    if (incoming.missingBytes === 0) complete(incoming, incoming.properties);
  }

  function complete({ publish, parts }: Incoming, properties: Buffer): void {
    incoming = undefined;
    const { exchange, routingKey, mandatory } = publish;
    const queues = host.route(exchange, routingKey);
    if (exchange !== "" && host.exchange(exchange).settings.internal) {
      throw new AmqpError("ACCESS_REFUSED", `cannot publish to internal exchange '${exchange}' in vhost '/'`);
    }
    const message = toMessage(publish, properties, parts);
    const sequence = confirming ? ++published : 0;
    if (queues.size === 0) {
      const returned = { replyCode: 312, replyText: "NO_ROUTE", exchange, routingKey };
      if (mandatory) link.sendMessage("BasicReturn", returned, message);
    } else if (host.isFull) {
      if (!confirming)
        throw new AmqpError("PRECONDITION_FAILED", "the queues are full; consume before you publish more");
      link.send("BasicNack", { deliveryTag: sequence, multiple: false, requeue: false });
      return;
    }
    if (confirming) unconfirmed.add(sequence);
    const journaled = queues.size > 0 && host.deliver(message, queues);
    if (!confirming) return;
    if (journaled) afterWrite(() => confirm(sequence));
    else confirm(sequence);
  }

  function confirm(sequence: number): void {
    unconfirmed.delete(sequence);
    if (confirmed.push(sequence) === 1) queueMicrotask(tellConfirmed);
  }

  function tellConfirmed(): void {
    const told = confirmed;
    confirmed = [];
    if (unconfirmed.size === 0) {
      const last = told.reduce((highest, sequence) => Math.max(highest, sequence));
      link.send("BasicAck", { deliveryTag: last, multiple: told.length > 1 });
      return;
    }
    for (const deliveryTag of told) link.send("BasicAck", { deliveryTag, multiple: false });
  }

  return { handlers, onHeader, onBody, isReceiving: () => incoming !== undefined };
}

function toMessage(publish: Methods["BasicPublish"], properties: Buffer, parts: Buffer[]): Omit<Message, "id"> {
  const { deliveryMode, expiration } = decodeProperties(properties);
  const expiresAfterMs = expiration === undefined ? undefined : Number(expiration);
  if (expiresAfterMs !== undefined && !(Number.isInteger(expiresAfterMs) && expiresAfterMs >= 0)) {
    throw new AmqpError("PRECONDITION_FAILED", `invalid expiration '${expiration}'`);
  }
  return {
    exchange: publish.exchange,
    routingKey: publish.routingKey,
    properties,
    body: parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts),
    persistent: deliveryMode === 2,
    expiresAfterMs,
    receivedAt: Date.now(),
  };
}
