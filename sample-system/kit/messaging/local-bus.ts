import type { Bus } from "./bus.ts";
import { createLocalQueue, type LocalQueue } from "./local-queue.ts";

/**
 * A bus inside one process, for the monolith: the rules of bus.ts in memory. What it holds dies with the process; what was
 * decided and is not here yet is in the outboxes.
 */
export function createLocalBus(): Bus {
  const queues: { names: Set<string>; queue: LocalQueue }[] = [];
  let closed = false;
  return {
    attributes: { "messaging.system": "in_process" },
    async publish(message, headers) {
      if (closed) throw new Error("the bus is closed");
      const text = JSON.stringify(message);
      for (const { names, queue } of queues) if (names.has(message.name)) queue.push(text, headers);
    },
    // Here everybody is in before anything is said.
    expect() {},
    subscribe({ names, onMessage }) {
      const queue = createLocalQueue(onMessage);
      queues.push({ names: new Set(names), queue });
      return queue.subscription;
    },
    waitingFor: () => null,
    async close() {
      closed = true;
      for (const { queue } of queues) queue.close();
    },
  };
}
