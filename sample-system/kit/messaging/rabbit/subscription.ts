import { type Channel, type ChannelModel, type ConsumeMessage, IllegalOperationError } from "amqplib";
import { log, toReason } from "../../log.ts";
import { type Delivery, POISON, PREFETCH, type SubscribeParts, type Subscription, type Verdict } from "../bus.ts";
import { createInWork } from "../in-work.ts";
import { type Connection, recoverWith } from "./connection.ts";
import { createDeadLetters } from "./dead-letters.ts";
import type { Publish } from "./publisher.ts";
import { deadQueue, declareQueues, retryQueue } from "./topology.ts";
import { countDeliveries, fromWire } from "./wire.ts";

/** One connection's part in it. `ended` is aborted when the broker will give what is in work to somebody else, or pauses. */
type Line = { model: ChannelModel; channel: Channel; ended: AbortController; consumerTag?: string | undefined };

/** A durable queue of its own, taken from as long as it is not paused; see bus.ts for the rules. */
export function subscribeRabbit(
  { queue, names, onMessage }: SubscribeParts,
  { connection, publish }: { connection: Connection; publish: Publish },
): Subscription {
  const inWork = createInWork();
  const dead = createDeadLetters(deadQueue(queue));
  let line: Line | undefined;
  let paused = false;
  let switching: Promise<void> = Promise.resolve();

  connection.addSetup(async (model) => {
    const channel = recoverWith(await model.createChannel(), model);
    const next: Line = { model, channel, ended: new AbortController() };
    channel.on("close", () => {
      next.ended.abort();
      if (line === next) line = undefined;
    });
    await declareQueues(channel, queue, names);
    await channel.prefetch(PREFETCH);
    line = next;
    await switchOver();
  });

  /** Begins or ends taking, as `paused` says; one such change after the other. */
  function switchOver(): Promise<void> {
    switching = switching.catch(() => {}).then(() => line && apply(line));
    return switching;
  }
  async function apply(on: Line) {
    if (paused && on.consumerTag) {
      on.ended.abort();
      await on.channel.cancel(on.consumerTag);
      on.consumerTag = undefined;
    } else if (!paused && !on.consumerTag) {
      on.ended = new AbortController();
      const { consumerTag } = await on.channel.consume(queue, (raw) => {
        // null: the broker cancelled the consumer, since the queue was deleted. A new connection makes it again.
        if (raw === null) return void on.model.close().catch(() => {});
        void inWork.run(() => work(on, raw));
      });
      on.consumerTag = consumerTag;
    }
  }
  function present(): Line {
    if (!line) throw new Error("rabbitmq is not connected");
    return line;
  }

  async function work({ channel, ended }: Line, raw: ConsumeMessage) {
    const delivery: Delivery = {
      ...fromWire(raw),
      redelivered: raw.fields.redelivered,
      deliveries: countDeliveries(queue, raw),
      signal: ended.signal,
    };
    const verdict = await onMessage(delivery);
    try {
      await settle(channel, raw, delivery, verdict);
    } catch (error) {
      // On a channel that has closed meanwhile it is refused, and the broker delivers the message again.
      if (!(error instanceof IllegalOperationError)) throw error;
    }
  }

  async function settle(channel: Channel, raw: ConsumeMessage, { message, deliveries }: Delivery, verdict: Verdict) {
    if (verdict.kind === "done") return channel.ack(raw);
    if (verdict.kind !== "dead") return channel.nack(raw, false, verdict.kind === "again");
    const headers = {
      ...raw.properties.headers,
      "x-reason": verdict.reason,
      "x-message-name": message.name,
      "x-deliveries": deliveries,
    };
    try {
      await publish("", deadQueue(queue), raw.content, { ...raw.properties, headers, persistent: true });
      channel.ack(raw);
    } catch (error) {
      log(`${queue}: a dead letter is not taken: ${toReason(error)}`);
      channel.nack(raw, false, true);
    }
  }

  return {
    async pause() {
      paused = true;
      // Where the connection breaks meanwhile, nothing is taken either.
      await switchOver().catch(() => {});
      await inWork.idle();
    },
    async resume() {
      paused = false;
      // What fails here is done by the next connection.
      await switchOver().catch((error: unknown) => log(`${queue} is not resumed yet: ${toReason(error)}`));
    },
    async purge() {
      const { channel } = present();
      for (const each of [queue, retryQueue(queue), deadQueue(queue)]) await channel.purgeQueue(each);
    },
    poison: () => publish("", queue, Buffer.from(POISON), { persistent: true }),
    async counts() {
      const { model, channel } = present();
      const [waiting, again, gone] = await Promise.all(
        [queue, retryQueue(queue), deadQueue(queue)].map(async (each) => (await channel.checkQueue(each)).messageCount),
      );
      return {
        queued: (waiting ?? 0) + (again ?? 0) + inWork.count,
        dead: gone ?? 0,
        explained: await dead.countExplained(model, gone ?? 0),
      };
    },
  };
}
