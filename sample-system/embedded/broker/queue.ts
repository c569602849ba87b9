import type { Entry, Message } from "./message.ts";
import type { Table } from "./methods.ts";
import { type QueueArguments, readQueueArguments } from "./queue-arguments.ts";
import { ReadyList } from "./ready-list.ts";

export type QueueSettings = {
  name: string;
  durable: boolean;
  exclusive: boolean;
  autoDelete: boolean;
  arguments: Table;
};

/** Who takes messages; a channel's consumer. */
export type QueueConsumer = {
  exclusive: boolean;
  canTake(): boolean;
  deliver(entry: Entry): void;
  /** The queue is gone. */
  cancelled(): void;
};

/** What a queue tells its virtual host. */
export type QueueEvents = {
  added(entry: Entry): void;
  /** Acknowledged, purged or dead-lettered: nobody will see it again in this queue. */
  settled(entry: Entry): void;
  died(entry: Entry, reason: "rejected" | "expired"): void;
};

/** Longest that a timer of Node can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * One queue:   push ─▶ ready ─▶ consumer ─▶ settle
 *                        ▲  │        └─▶ requeue, reject
 *                        └──┼── requeue      │
 *                           └─ expired ─▶ died ─▶ dead-letter exchange
 * Like RabbitMQ's, a message expires only when it reaches the queue's head.
 */
export class Queue {
  readonly settings: QueueSettings;
  readonly arguments: QueueArguments;
  /** The connection that declared it exclusive. */
  owner: object | undefined;
  deleted = false;
  readonly #events: QueueEvents;
  readonly #ready = new ReadyList();
  /** Every entry not settled, delivered or not, by arrival. Bounded by the virtual host. */
  readonly #live = new Set<Entry>();
  readonly #consumers: QueueConsumer[] = [];
  #nextConsumer = 0;
  #nextPosition = 0;
  #expiry: NodeJS.Timeout | undefined;

  constructor(settings: QueueSettings, events: QueueEvents) {
    this.settings = settings;
    this.arguments = readQueueArguments(settings.arguments);
    this.#events = events;
  }

  /** Kept over a restart. */
  get journaled(): boolean {
    return this.settings.durable && !this.settings.exclusive;
  }
  get readyCount(): number {
    return this.#ready.size;
  }
  get consumerCount(): number {
    return this.#consumers.length;
  }
  get hasExclusiveConsumer(): boolean {
    return this.#consumers.some((consumer) => consumer.exclusive);
  }
  /** Every message not settled, by arrival. */
  liveMessages(): Message[] {
    return Array.from(this.#live, (entry) => entry.message);
  }

  push(message: Message, redelivered = false): void {
    const limitMs = Math.min(this.arguments.ttlMs ?? Infinity, message.expiresAfterMs ?? Infinity);
    const expiresAt = message.receivedAt + limitMs;
    const entry: Entry = { message, queue: this, position: this.#nextPosition++, redelivered, expiresAt };
    this.#live.add(entry);
    this.#events.added(entry);
    // At once if somebody waits, even with a time limit of 0.
    const consumer = this.#ready.size === 0 ? this.#idleConsumer() : undefined;
    if (consumer) {
      consumer.deliver(entry);
      return;
    }
    this.#ready.push(entry);
    this.drain();
  }

  /** The next message, for basic.get. */
  pull(): Entry | undefined {
    this.#dropExpired();
    return this.#ready.shift();
  }

  settle(entry: Entry): void {
    if (this.#live.delete(entry)) this.#events.settled(entry);
  }

  reject(entry: Entry): void {
    if (this.#live.has(entry)) this.#events.died(entry, "rejected");
    this.settle(entry);
  }

  requeue(entries: Entry[]): void {
    for (const entry of entries) {
      if (!this.#live.has(entry)) continue;
      entry.redelivered = true;
      this.#ready.putBack(entry);
    }
    this.drain();
  }

  /** Removes what waits; returns how many. What is delivered stays so. */
  purge(): number {
    const entries = this.#ready.takeAll();
    for (const entry of entries) this.settle(entry);
    return entries.length;
  }

  addConsumer(consumer: QueueConsumer): void {
    this.#consumers.push(consumer);
    this.drain();
  }

  removeConsumer(consumer: QueueConsumer): void {
    const at = this.#consumers.indexOf(consumer);
    if (at >= 0) this.#consumers.splice(at, 1);
  }

  /** Gives out what waits, as long as somebody takes it, in turn. */
  drain(): void {
    for (;;) {
      this.#dropExpired();
      if (this.#ready.size === 0) break;
      const consumer = this.#idleConsumer();
      const entry = consumer && this.#ready.shift();
      if (!entry) break;
      consumer.deliver(entry);
    }
    this.#armExpiry();
  }

  /** Ends the queue; its messages are gone, not dead-lettered. */
  destroy(): void {
    this.deleted = true;
    clearTimeout(this.#expiry);
    for (const consumer of this.#consumers.splice(0)) consumer.cancelled();
    this.#ready.takeAll();
    for (const entry of this.#live) this.settle(entry);
  }

  #idleConsumer(): QueueConsumer | undefined {
    const count = this.#consumers.length;
    for (let i = 0; i < count; i++) {
      const at = (this.#nextConsumer + i) % count;
      const consumer = this.#consumers[at];
      if (!consumer?.canTake()) continue;
      this.#nextConsumer = at + 1;
      return consumer;
    }
    return undefined;
  }

  #dropExpired(): void {
    const now = Date.now();
    for (let head = this.#ready.peek(); head && head.expiresAt <= now; head = this.#ready.peek()) {
      this.#ready.shift();
      this.#events.died(head, "expired");
      this.settle(head);
    }
  }

  /** One timer for the head. A head that has left meanwhile makes it fire in vain, and it is set anew. */
  #armExpiry(): void {
    const expiresAt = this.#ready.peek()?.expiresAt ?? Infinity;
    if (this.#expiry || expiresAt === Infinity || this.deleted) return;
    const fire = () => {
      this.#expiry = undefined;
      this.drain();
    };
    this.#expiry = setTimeout(fire, Math.min(Math.max(expiresAt - Date.now(), 1), MAX_TIMER_MS));
  }
}
