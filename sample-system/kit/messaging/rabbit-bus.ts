import type { Bus } from "./bus.ts";
import { connectRabbit, recoverWith } from "./rabbit/connection.ts";
import { createPublish } from "./rabbit/publisher.ts";
import { subscribeRabbit } from "./rabbit/subscription.ts";
import { declareQueues, EVENTS_EXCHANGE } from "./rabbit/topology.ts";
import { toWire } from "./rabbit/wire.ts";

/** A bus between processes: RabbitMQ, by one connection that comes back by itself. */
export function createRabbitBus(url: string): Bus {
  const connection = connectRabbit(url);
  const publish = createPublish(connection);
  return {
    attributes: { "messaging.system": "rabbitmq", "peer.service": "rabbitmq" },
    publish(message, headers) {
      const { content, options } = toWire(message, headers);
      return publish(EVENTS_EXCHANGE, message.name, content, options);
    },
    expect(queue, names) {
      connection.addSetup(async (model) => {
        const channel = recoverWith(await model.createChannel(), model);
        await declareQueues(channel, queue, names);
        await channel.close();
      });
    },
    subscribe: (parts) => subscribeRabbit(parts, { connection, publish }),
    waitingFor: connection.waitingFor,
    close: connection.close,
  };
}
