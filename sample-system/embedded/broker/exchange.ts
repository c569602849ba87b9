import type { Queue } from "./queue.ts";
import { matchesTopic } from "./topic.ts";

export type ExchangeKind = "direct" | "fanout" | "topic";
export type ExchangeSettings = {
  name: string;
  kind: ExchangeKind;
  durable: boolean;
  autoDelete: boolean;
  internal: boolean;
};

type Binding = { queue: Queue; key: string };

/** Sends a message to the queues whose binding fits its routing key. */
export class Exchange {
  readonly settings: ExchangeSettings;
  #bindings: Binding[] = [];

  constructor(settings: ExchangeSettings) {
    this.settings = settings;
  }

  get bindings(): readonly Binding[] {
    return this.#bindings;
  }

  /** False when it was there already. */
  bind(queue: Queue, key: string): boolean {
    if (this.#bindings.some((binding) => binding.queue === queue && binding.key === key)) return false;
    this.#bindings.push({ queue, key });
    return true;
  }

  /** Without a key, every binding of the queue. Returns how many it removed. */
  unbind(queue: Queue, key?: string): number {
    const before = this.#bindings.length;
    this.#bindings = this.#bindings.filter((one) => one.queue !== queue || (key !== undefined && one.key !== key));
    return before - this.#bindings.length;
  }

  /** Each queue once, however many of its bindings fit. */
  route(routingKey: string): Set<Queue> {
    const queues = new Set<Queue>();
    for (const { queue, key } of this.#bindings) if (this.#fits(key, routingKey)) queues.add(queue);
    return queues;
  }

  #fits(key: string, routingKey: string): boolean {
    switch (this.settings.kind) {
      case "fanout":
        return true;
      case "direct":
        return key === routingKey;
      case "topic":
        return matchesTopic(key, routingKey);
    }
  }
}
