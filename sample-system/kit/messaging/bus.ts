import type { Headers, Message } from "./message.ts";

/*
 * What carries messages: RabbitMQ between services (rabbit-bus.ts), memory inside the monolith (local-bus.ts). Both keep
 * the same rules, proved by the same tests.
 *
 *   publish ─▶ every queue that takes this name ─▶ onMessage ─▶ verdict
 *                 ▲  ▲                                │ done      gone
 *                 │  └──────────────── at once ───────│ again
 *                 └─ <queue>.retry ─ RETRY_PAUSE_MS ──│ retry     one more delivery
 *                    <queue>.dead ◀───────────────────┘ dead      with its reason
 */
export type Bus = {
  /** What a span says of it. */
  attributes: Record<string, string>;
  /** Resolves when the bus answers for it; rejects at once while it is not there. */
  publish(message: Message, headers: Headers): Promise<void>;
  /**
   * Makes the queue of somebody who has perhaps never been here yet, so that what it must not miss waits for it. What is
   * published before its queue is there is for nobody, and gone.
   */
  expect(queue: string, names: string[]): void;
  /** Delivery is at least once; messages of one queue overlap and overtake each other. */
  subscribe(parts: SubscribeParts): Subscription;
  /** One line, or null when connected. */
  waitingFor(): string | null;
  close(): Promise<void>;
};

export type SubscribeParts = {
  queue: string;
  /** Messages that it takes. */
  names: string[];
  /** Must not reject. */
  onMessage(delivery: Delivery): Promise<Verdict>;
};

export type Delivery = {
  /** Of one that could not be read, what could be; the rest is empty. */
  message: Message;
  headers: Headers;
  /** Why it could not be read. */
  unreadable?: string;
  /** It may have been in work before, here or in a process that died. */
  redelivered: boolean;
  /** 1 for the first; `again` does not count. */
  deliveries: number;
  /** Aborted when the verdict will not count any more, or nothing shall be in work: better to end soon. */
  signal: AbortSignal;
};

export type Verdict = { kind: "done" | "again" | "retry" } | { kind: "dead"; reason: string };

export type Subscription = {
  /** Takes no more; resolves when nothing is in work. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Throws away what waits: in the queue, for another delivery, and among the dead. */
  purge(): Promise<void>;
  /** Puts something into the queue that nobody can read. */
  poison(): Promise<void>;
  counts(): Promise<QueueCounts>;
};

export type QueueCounts = {
  /** Waiting, in work, or waiting for another delivery. */
  queued: number;
  dead: number;
  /** Of the dead, those that say why. */
  explained: number;
};

/** Messages of one queue in work at once; the others wait. */
export const PREFETCH = 8;
/** Before another delivery of a message whose handler failed. */
export const RETRY_PAUSE_MS = 500;
/** Dead letters that are looked into for their reason; more need no counting. */
export const MAX_DEAD_READ = 500;
/** What a poisoned queue is given: not JSON. */
export const POISON = "☠";
