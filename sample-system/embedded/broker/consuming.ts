import { randomUUID } from "node:crypto";
import { AmqpError } from "./amqp-error.ts";
import { LIMITS } from "./limits.ts";
import type { Link } from "./link.ts";
import type { Entry } from "./message.ts";
import type { Handlers, Methods } from "./methods.ts";
import type { Queue, QueueConsumer } from "./queue.ts";
import type { VirtualHost } from "./virtual-host.ts";

type Consumer = QueueConsumer & { tag: string; queue: Queue; unacked: number };
type Delivery = { entry: Entry; consumer: Consumer | undefined };

/** A channel's receiving: consumers, basic.get, prefetch, and what is delivered but not yet acknowledged. */
export function createConsuming(host: VirtualHost, link: Link, ownQueue: (name: string) => Queue) {
  const consumers = new Map<string, Consumer>();
  /** By delivery tag, in order. Bounded by the prefetch, and by what the host holds at all. */
  const unacked = new Map<number, Delivery>();
  let lastTag = 0;
  let prefetchPerConsumer = 0;
  let prefetchPerChannel = 0;

  function track(entry: Entry, consumer: Consumer | undefined, noAck: boolean): number {
    const tag = ++lastTag;
    if (noAck) entry.queue.settle(entry);
    else {
      unacked.set(tag, { entry, consumer });
      if (consumer) consumer.unacked++;
    }
    return tag;
  }

  function consume(asked: Methods["BasicConsume"]): void {
    const queue = ownQueue(asked.queue);
    const tag = asked.consumerTag || `amq.ctag-${randomUUID()}`;
    const [argument] = Object.keys(asked.arguments);
    if (argument !== undefined)
      throw new AmqpError("PRECONDITION_FAILED", `unsupported arg '${argument}' for consumer`);
    if (consumers.has(tag)) throw new AmqpError("NOT_ALLOWED", `attempt to reuse consumer tag '${tag}'`);
    if (consumers.size >= LIMITS.consumersPerChannel) throw new AmqpError("RESOURCE_ERROR", "too many consumers");
    if (queue.hasExclusiveConsumer || (asked.exclusive && queue.consumerCount > 0)) {
      throw new AmqpError("ACCESS_REFUSED", `queue '${queue.settings.name}' in vhost '/' in exclusive use`);
    }
    const limit = prefetchPerConsumer;
    const consumer: Consumer = {
      tag,
      queue,
      unacked: 0,
      exclusive: asked.exclusive,
      canTake: () =>
        link.canDeliver() &&
        (asked.noAck ||
          ((limit === 0 || consumer.unacked < limit) &&
            (prefetchPerChannel === 0 || unacked.size < prefetchPerChannel))),
      deliver(entry) {
        const { redelivered, message } = entry;
        const { exchange, routingKey } = message;
        const deliveryTag = track(entry, consumer, asked.noAck);
        link.sendMessage("BasicDeliver", { consumerTag: tag, deliveryTag, redelivered, exchange, routingKey }, message);
      },
      cancelled() {
        consumers.delete(tag);
        link.send("BasicCancel", { consumerTag: tag, nowait: true });
      },
    };
    consumers.set(tag, consumer);
    if (!asked.nowait) link.send("BasicConsumeOk", { consumerTag: tag });
    queue.addConsumer(consumer);
  }

  function remove(consumer: Consumer): void {
    consumers.delete(consumer.tag);
    const { queue } = consumer;
    queue.removeConsumer(consumer);
    if (queue.settings.autoDelete && queue.consumerCount === 0 && !queue.deleted) host.deleteQueue(queue);
  }

  /** Takes deliveries off the list; throws 406 for a tag that is not on it. */
  function take(tag: number, multiple: boolean): Entry[] {
    const taken: Delivery[] = [];
    if (!multiple) {
      const delivery = unacked.get(tag);
      if (delivery) taken.push(delivery);
      unacked.delete(tag);
    } else {
      for (const [each, delivery] of unacked) {
        if (tag !== 0 && each > tag) break;
        taken.push(delivery);
        unacked.delete(each);
      }
    }
    if (taken.length === 0 && !(multiple && tag === 0))
      throw new AmqpError("PRECONDITION_FAILED", `unknown delivery tag ${tag}`);
    for (const { consumer } of taken) if (consumer) consumer.unacked--;
    return taken.map(({ entry }) => entry);
  }

  /** There may be room for more deliveries. */
  function wake(): void {
    for (const { queue } of consumers.values()) queue.drain();
  }

  function putBack(entries: Entry[]): void {
    for (const [queue, ofQueue] of Map.groupBy(entries, (entry) => entry.queue)) queue.requeue(ofQueue);
  }

  function refuse(entries: Entry[], requeue: boolean): void {
    if (requeue) putBack(entries);
    else for (const entry of entries) entry.queue.reject(entry);
    wake();
  }

  const handlers: Handlers = {
    BasicQos({ prefetchSize, prefetchCount, global }) {
      if (prefetchSize !== 0) throw new AmqpError("NOT_IMPLEMENTED", "prefetch_size!=0");
      if (global) prefetchPerChannel = prefetchCount;
      else prefetchPerConsumer = prefetchCount;
      link.send("BasicQosOk", {});
      wake();
    },
    BasicConsume: consume,
    BasicCancel({ consumerTag, nowait }) {
      const consumer = consumers.get(consumerTag);
      if (consumer) remove(consumer);
      if (!nowait) link.send("BasicCancelOk", { consumerTag });
    },
    BasicGet({ queue: name, noAck }) {
      const queue = ownQueue(name);
      const entry = queue.pull();
      if (!entry) {
        link.send("BasicGetEmpty", {});
        return;
      }
      const { redelivered, message } = entry;
      const { exchange, routingKey } = message;
      const deliveryTag = track(entry, undefined, noAck);
      const fields = { deliveryTag, redelivered, exchange, routingKey, messageCount: queue.readyCount };
      link.sendMessage("BasicGetOk", fields, message);
    },
    BasicAck({ deliveryTag, multiple }) {
      for (const entry of take(deliveryTag, multiple)) entry.queue.settle(entry);
      wake();
    },
    BasicReject: ({ deliveryTag, requeue }) => refuse(take(deliveryTag, false), requeue),
    BasicNack: ({ deliveryTag, multiple, requeue }) => refuse(take(deliveryTag, multiple), requeue),
  };

  /** The channel is gone: its consumers leave, and what they did not acknowledge goes back. */
  function release(): void {
    for (const consumer of [...consumers.values()]) remove(consumer);
    const entries = Array.from(unacked.values(), ({ entry }) => entry);
    unacked.clear();
    putBack(entries);
  }

  return { handlers, wake, release };
}
