import { randomUUID } from "node:crypto";
import { once } from "node:events";
import amqp, { type Channel, type ChannelModel, type ConsumeMessage, type Options } from "amqplib";

/** Clients of one broker for one test; `end` closes them and deletes what they declared. */
export function createClients(url: string) {
  const connections: ChannelModel[] = [];
  const queues: string[] = [];
  const exchanges: string[] = [];

  async function connection(): Promise<ChannelModel> {
    // Without noDelay the kernel holds every second small write back for 40 ms.
    const opened = await amqp.connect(url, { noDelay: true });
    // Without a listener, a refusal that a test provokes would end the process.
    opened.on("error", () => undefined);
    connections.push(opened);
    return opened;
  }

  return {
    connection,
    async channel(on?: ChannelModel): Promise<Channel> {
      const opened = await (on ?? (await connection())).createChannel();
      opened.on("error", () => undefined);
      return opened;
    },
    async queue(channel: Channel, options: Options.AssertQueue = {}): Promise<string> {
      const { queue } = await channel.assertQueue(`test-${randomUUID()}`, { durable: true, ...options });
      queues.push(queue);
      return queue;
    },
    async exchange(channel: Channel, type: "topic" | "direct" | "fanout"): Promise<string> {
      const { exchange } = await channel.assertExchange(`test-${randomUUID()}`, type, { durable: true });
      exchanges.push(exchange);
      return exchange;
    },
    async end(): Promise<void> {
      const sweeper = await (await connection()).createChannel();
      for (const queue of queues.splice(0)) await sweeper.deleteQueue(queue);
      for (const exchange of exchanges.splice(0)) await sweeper.deleteExchange(exchange);
      await Promise.all(connections.splice(0).map((open) => open.close().catch(() => undefined)));
    },
  };
}

/** Consumes; `next` waits for the next message, `seen` are all so far. */
export async function consumer(channel: Channel, queue: string, options: Options.Consume = {}) {
  const seen: (ConsumeMessage | null)[] = [];
  const waiting: ((message: ConsumeMessage) => void)[] = [];
  let taken = 0;
  const { consumerTag } = await channel.consume(
    queue,
    (message) => {
      seen.push(message);
      if (message && waiting.length > 0) {
        taken++;
        waiting.shift()?.(message);
      }
    },
    options,
  );
  return {
    tag: consumerTag,
    seen,
    texts: () => seen.map((message) => message?.content.toString()),
    async next(): Promise<ConsumeMessage> {
      const ready = seen[taken];
      if (ready) {
        taken++;
        return ready;
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}

/** What basic.get finds, in order; it is gone then. */
export async function drained(channel: Channel, queue: string): Promise<string[]> {
  const texts: string[] = [];
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (!message) return texts;
    texts.push(message.content.toString());
  }
}

/** The reply code with which the broker closed it. */
export async function closedWith(channel: Channel | ChannelModel): Promise<number> {
  const [error] = (await once(channel as unknown as NodeJS.EventEmitter, "error")) as [{ code: number }];
  return error.code;
}
