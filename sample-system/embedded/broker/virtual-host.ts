import { AmqpError } from "./amqp-error.ts";
import { type DeathReason, hasCircled, toDeadLetter } from "./dead-letter.ts";
import { Exchange, type ExchangeSettings } from "./exchange.ts";
import type { Journal } from "./journal.ts";
import type { JournalRecord } from "./journal-record.ts";
import { LIMITS } from "./limits.ts";
import type { Entry, Message } from "./message.ts";
import { Queue, type QueueSettings } from "./queue.ts";
import type { RestoredState } from "./restored-state.ts";

/** There always, and not to be declared otherwise or deleted. */
const BUILT_IN = [
  { name: "amq.direct", kind: "direct" },
  { name: "amq.fanout", kind: "fanout" },
  { name: "amq.topic", kind: "topic" },
] as const;

/**
 * All exchanges and queues, which every connection shares:
 *   publish ─▶ exchange ─▶ queues ─▶ journal (persistent in durable) ─▶ push
 *                 ▲                                                      │
 *                 └────────────── dead letter ◀── rejected, expired ◀────┘
 */
export class VirtualHost {
  readonly exchanges = new Map<string, Exchange>();
  readonly queues = new Map<string, Queue>();
  #journal: Pick<Journal, "append"> | undefined;
  #lastId: number;
  #heldMessages = 0;
  #heldBytes = 0;

  /** With exchanges, queues and bindings of the last run; their messages come with `open`. */
  constructor(state: RestoredState) {
    this.#lastId = state.lastId;
    for (const { name, kind } of BUILT_IN) {
      this.addExchange({ name, kind, durable: true, autoDelete: false, internal: false });
    }
    for (const settings of state.exchanges.values()) this.addExchange(settings);
    for (const { settings } of state.queues.values()) this.addQueue(settings);
    for (const { exchange, queue, key } of state.bindings.values()) {
      const found = this.queues.get(queue);
      if (found) this.exchanges.get(exchange)?.bind(found, key);
    }
  }

  /** From now on every change is written, and the restored messages are there, some perhaps at once expired. */
  open(journal: Pick<Journal, "append">, state: RestoredState): void {
    this.#journal = journal;
    for (const { settings, messages } of state.queues.values()) {
      // It may have been delivered before; nothing was written about that.
      for (const message of messages.values()) this.queues.get(settings.name)?.push(message, true);
    }
  }

  get isFull(): boolean {
    return this.#heldMessages >= LIMITS.heldMessages || this.#heldBytes >= LIMITS.heldBytes;
  }

  exchange(name: string): Exchange {
    const found = this.exchanges.get(name);
    if (!found) throw new AmqpError("NOT_FOUND", `no exchange '${name}' in vhost '/'`);
    return found;
  }

  queue(name: string): Queue {
    const found = this.queues.get(name);
    if (!found) throw new AmqpError("NOT_FOUND", `no queue '${name}' in vhost '/'`);
    return found;
  }

  addExchange(settings: ExchangeSettings): void {
    if (this.exchanges.size >= LIMITS.exchanges) throw new AmqpError("RESOURCE_ERROR", "too many exchanges");
    this.exchanges.set(settings.name, new Exchange(settings));
    if (settings.durable) this.#write({ type: "exchange", settings });
  }

  deleteExchange(exchange: Exchange): void {
    const { name, durable } = exchange.settings;
    this.exchanges.delete(name);
    if (durable) this.#write({ type: "exchange-deleted", name });
  }

  addQueue(settings: QueueSettings): Queue {
    if (this.queues.size >= LIMITS.queues) throw new AmqpError("RESOURCE_ERROR", "too many queues");
    const queue = new Queue(settings, {
      added: (entry) => this.#hold(entry, 1),
      settled: (entry) => {
        this.#hold(entry, -1);
        const { queue: of, message } = entry;
        if (of.journaled && message.persistent && !of.deleted) {
          this.#write({ type: "settled", queue: of.settings.name, id: message.id });
        }
      },
      died: (entry, reason) => this.#deadLetter(entry, reason),
    });
    this.queues.set(settings.name, queue);
    if (queue.journaled) this.#write({ type: "queue", settings });
    return queue;
  }

  deleteQueue(queue: Queue): void {
    this.queues.delete(queue.settings.name);
    if (queue.journaled) this.#write({ type: "queue-deleted", name: queue.settings.name });
    queue.destroy();
    for (const exchange of this.exchanges.values()) {
      if (exchange.unbind(queue) > 0) this.#deleteIfUnused(exchange);
    }
  }

  bind(exchange: Exchange, queue: Queue, key: string): void {
    if (exchange.bindings.length >= LIMITS.bindingsPerExchange)
      throw new AmqpError("RESOURCE_ERROR", "too many bindings");
    if (exchange.bind(queue, key)) this.#writeBinding("bound", exchange, queue, key);
  }

  unbind(exchange: Exchange, queue: Queue, key: string): void {
    if (exchange.unbind(queue, key) === 0) return;
    this.#writeBinding("unbound", exchange, queue, key);
    this.#deleteIfUnused(exchange);
  }

  /** Throws 404 for an exchange that is not there. The unnamed exchange goes straight to the queue of that name. */
  route(exchange: string, routingKey: string): Set<Queue> {
    if (exchange !== "") return this.exchange(exchange).route(routingKey);
    const queue = this.queues.get(routingKey);
    return new Set(queue ? [queue] : []);
  }

  /** Puts a message into each of the queues. True when it was also given to the journal. */
  deliver(message: Omit<Message, "id">, queues: Set<Queue>): boolean {
    const numbered = { ...message, id: ++this.#lastId };
    const kept = message.persistent ? [...queues].filter((queue) => queue.journaled) : [];
    // Before the queues get it: one that is settled at once must be written after its arrival.
    if (kept.length > 0) {
      this.#write({ type: "message", queues: kept.map((queue) => queue.settings.name), message: numbered });
    }
    for (const queue of queues) queue.push(numbered);
    return kept.length > 0;
  }

  /** All that the journal must hold at this moment. */
  *snapshot(): Generator<JournalRecord> {
    for (const { settings } of this.exchanges.values()) if (settings.durable) yield { type: "exchange", settings };
    for (const queue of this.queues.values()) {
      if (!queue.journaled) continue;
      yield { type: "queue", settings: queue.settings };
      for (const message of queue.liveMessages()) {
        if (message.persistent) yield { type: "message", queues: [queue.settings.name], message };
      }
    }
    for (const { settings, bindings } of this.exchanges.values()) {
      for (const { queue, key } of settings.durable ? bindings : []) {
        if (queue.journaled) yield { type: "bound", exchange: settings.name, queue: queue.settings.name, key };
      }
    }
  }

  #deadLetter({ message, queue }: Entry, reason: DeathReason): void {
    const { deadLetterExchange, deadLetterRoutingKey } = queue.arguments;
    if (deadLetterExchange === undefined || (deadLetterExchange !== "" && !this.exchanges.has(deadLetterExchange)))
      return;
    const routingKey = deadLetterRoutingKey ?? message.routingKey;
    const letter = toDeadLetter(message, queue.settings.name, reason, routingKey, deadLetterExchange);
    const targets = this.route(deadLetterExchange, routingKey);
    for (const target of targets) {
      if (reason !== "rejected" && hasCircled(letter.properties, target.settings.name)) targets.delete(target);
    }
    if (targets.size > 0) this.deliver(letter, targets);
  }

  #hold({ message }: Entry, sign: 1 | -1): void {
    this.#heldMessages += sign;
    this.#heldBytes += sign * (message.body.length + message.properties.length);
  }

  #deleteIfUnused(exchange: Exchange): void {
    if (exchange.settings.autoDelete && exchange.bindings.length === 0) this.deleteExchange(exchange);
  }

  #writeBinding(type: "bound" | "unbound", exchange: Exchange, queue: Queue, key: string): void {
    if (!exchange.settings.durable || !queue.journaled) return;
    this.#write({ type, exchange: exchange.settings.name, queue: queue.settings.name, key });
  }

  #write(record: JournalRecord): void {
    this.#journal?.append(record);
  }
}
