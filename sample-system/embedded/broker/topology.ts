import { randomUUID } from "node:crypto";
import { AmqpError } from "./amqp-error.ts";
import type { Exchange, ExchangeKind } from "./exchange.ts";
import type { Link } from "./link.ts";
import type { Handlers, Methods } from "./methods.ts";
import type { Queue } from "./queue.ts";
import { compareArguments, inequivalent } from "./queue-arguments.ts";
import type { VirtualHost } from "./virtual-host.ts";

const KINDS = ["direct", "fanout", "topic"] as const satisfies ExchangeKind[];

/**
 * A channel's exchange.* and queue.* methods. What is durable is written before it is confirmed.
 * @param written resolves when the journal has everything so far
 */
export function createTopology(host: VirtualHost, link: Link, written: () => Promise<void>) {
  /** An empty name means the queue that this channel declared last. */
  let lastQueue = "";

  function ownQueue(name: string): Queue {
    const queue = host.queue(name || lastQueue);
    assertAccess(queue, link.owner);
    return queue;
  }

  function namedExchange(name: string): Exchange {
    if (name === "") throw new AmqpError("ACCESS_REFUSED", "operation not permitted on the default exchange");
    return host.exchange(name);
  }

  function declareExchange(asked: Methods["ExchangeDeclare"]): void {
    const { exchange: name, type, passive, durable, autoDelete, internal } = asked;
    const kind = KINDS.find((one) => one === type);
    if (passive) return void namedExchange(name);
    if (!kind) throw new AmqpError("COMMAND_INVALID", `unknown exchange type '${type}'`);
    assertNoArguments(asked.arguments, "exchange");
    const present = host.exchanges.get(name);
    if (!present) {
      if (name === "" || name.startsWith("amq."))
        throw new AmqpError("ACCESS_REFUSED", `exchange name '${name}' is reserved`);
      host.addExchange({ name, kind, durable, autoDelete, internal });
      return;
    }
    const { settings } = present;
    if (settings.kind !== kind) throw inequivalent("type", "exchange", name, type, settings.kind);
    for (const [option, received, current] of [
      ["durable", durable, settings.durable],
      ["auto_delete", autoDelete, settings.autoDelete],
      ["internal", internal, settings.internal],
    ] as const) {
      if (received !== current) throw inequivalent(option, "exchange", name, received, current);
    }
  }

  function declareQueue(asked: Methods["QueueDeclare"]): Queue {
    const { passive, durable, exclusive, autoDelete } = asked;
    if (passive) return ownQueue(asked.queue);
    const present = host.queues.get(asked.queue);
    if (!present) {
      if (asked.queue.startsWith("amq."))
        throw new AmqpError("ACCESS_REFUSED", `queue name '${asked.queue}' is reserved`);
      const name = asked.queue || `amq.gen-${randomUUID()}`;
      const queue = host.addQueue({ name, durable, exclusive, autoDelete, arguments: asked.arguments });
      if (exclusive) queue.owner = link.owner;
      return queue;
    }
    assertAccess(present, link.owner);
    const { settings } = present;
    for (const [option, received, current] of [
      ["durable", durable, settings.durable],
      ["exclusive", exclusive, settings.exclusive],
      ["auto_delete", autoDelete, settings.autoDelete],
    ] as const) {
      if (received !== current) throw inequivalent(option, "queue", settings.name, received, current);
    }
    compareArguments(settings.name, settings.arguments, asked.arguments);
    return present;
  }

  const handlers: Handlers = {
    async ExchangeDeclare(asked) {
      declareExchange(asked);
      await written();
      if (!asked.nowait) link.send("ExchangeDeclareOk", {});
    },
    async ExchangeDelete({ exchange: name, ifUnused, nowait }) {
      if (name === "" || name.startsWith("amq."))
        throw new AmqpError("ACCESS_REFUSED", `exchange '${name}' is reserved`);
      const exchange = host.exchanges.get(name);
      if (exchange && ifUnused && exchange.bindings.length > 0) {
        throw new AmqpError("PRECONDITION_FAILED", `exchange '${name}' in vhost '/' in use`);
      }
      if (exchange) host.deleteExchange(exchange);
      await written();
      if (!nowait) link.send("ExchangeDeleteOk", {});
    },
    async QueueDeclare(asked) {
      const queue = declareQueue(asked);
      lastQueue = queue.settings.name;
      await written();
      if (asked.nowait) return;
      const { readyCount: messageCount, consumerCount } = queue;
      link.send("QueueDeclareOk", { queue: lastQueue, messageCount, consumerCount });
    },
    async QueueBind({ queue: name, exchange, routingKey, nowait, arguments: options }) {
      const queue = ownQueue(name);
      assertNoArguments(options, "binding");
      host.bind(namedExchange(exchange), queue, routingKey);
      await written();
      if (!nowait) link.send("QueueBindOk", {});
    },
    async QueueUnbind({ queue: name, exchange, routingKey }) {
      // RabbitMQ is content when there is nothing to unbind.
      const queue = host.queues.get(name || lastQueue);
      const from = host.exchanges.get(exchange);
      if (queue) assertAccess(queue, link.owner);
      if (queue && from) host.unbind(from, queue, routingKey);
      await written();
      link.send("QueueUnbindOk", {});
    },
    QueuePurge({ queue, nowait }) {
      const messageCount = ownQueue(queue).purge();
      if (!nowait) link.send("QueuePurgeOk", { messageCount });
    },
    async QueueDelete({ queue: name, ifUnused, ifEmpty, nowait }) {
      const queue = host.queues.get(name || lastQueue);
      const messageCount = queue?.readyCount ?? 0;
      if (queue) {
        assertAccess(queue, link.owner);
        if (ifUnused && queue.consumerCount > 0)
          throw new AmqpError("PRECONDITION_FAILED", `queue '${name}' in vhost '/' in use`);
        if (ifEmpty && messageCount > 0)
          throw new AmqpError("PRECONDITION_FAILED", `queue '${name}' in vhost '/' not empty`);
        host.deleteQueue(queue);
      }
      await written();
      if (!nowait) link.send("QueueDeleteOk", { messageCount });
    },
  };
  return { handlers, ownQueue };
}

function assertAccess(queue: Queue, owner: object): void {
  if (!queue.settings.exclusive || queue.owner === owner) return;
  throw new AmqpError(
    "RESOURCE_LOCKED",
    `cannot obtain exclusive access to locked queue '${queue.settings.name}' in vhost '/'`,
  );
}

/** Better refused than ignored: it would promise in vain. */
function assertNoArguments(options: object, what: string): void {
  const [name] = Object.keys(options);
  if (name !== undefined) throw new AmqpError("PRECONDITION_FAILED", `unsupported arg '${name}' for ${what}`);
}
