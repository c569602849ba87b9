import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Delivery,
  POISON,
  PREFETCH,
  RETRY_PAUSE_MS,
  type SubscribeParts,
  type Subscription,
  type Verdict,
} from "./bus.ts";
import { createInWork } from "./in-work.ts";
import type { Headers, Message } from "./message.ts";

type Entry = { text: string; headers: Headers; redelivered: boolean; deliveries: number };

/** Messages that may wait; the next one is refused, and stays with its sender. */
const MAX_WAITING = 10_000;
/** Dead letters that are kept; the oldest go first. */
const MAX_DEAD = 1_000;

export type LocalQueue = {
  push(text: string, headers: Headers): void;
  subscription: Subscription;
  close(): void;
};

/** One queue in memory, with the rules of bus.ts. Each message is text, so that nobody shares an object with its sender. */
export function createLocalQueue(onMessage: SubscribeParts["onMessage"]): LocalQueue {
  const waiting: Entry[] = [];
  const dead: Entry[] = [];
  /** Those that come again after their pause, with its timer. Bounded by what was in work. */
  const again = new Map<Entry, NodeJS.Timeout>();
  const inWork = createInWork();
  const outside = AsyncLocalStorage.snapshot();
  let ended = new AbortController();
  let paused = false;

  function drain() {
    while (!paused && inWork.count < PREFETCH) {
      const entry = waiting.shift();
      if (!entry) return;
      void inWork.run(() => work(entry)).finally(drain);
    }
  }

  async function work(entry: Entry) {
    const { text, ...told } = entry;
    settle(entry, await onMessage({ ...told, ...read(text), signal: ended.signal }));
  }

  function settle(entry: Entry, verdict: Verdict) {
    if (verdict.kind === "again") waiting.unshift({ ...entry, redelivered: true });
    if (verdict.kind === "retry") {
      const next = { ...entry, redelivered: false, deliveries: entry.deliveries + 1 };
      const timer = setTimeout(() => {
        again.delete(next);
        put(next);
      }, RETRY_PAUSE_MS);
      again.set(next, timer);
    }
    if (verdict.kind === "dead" && dead.push(entry) > MAX_DEAD) dead.shift();
  }

  function put(entry: Entry) {
    waiting.push(entry);
    // Not before the sender has gone on, and not in whatever context (a deadline, a trace) it is.
    queueMicrotask(() => outside(drain));
  }
  function push(text: string, headers: Headers) {
    if (waiting.length >= MAX_WAITING) throw new Error(`${waiting.length} messages wait already`);
    put({ text, headers, redelivered: false, deliveries: 1 });
  }
  function purge() {
    for (const timer of again.values()) clearTimeout(timer);
    again.clear();
    waiting.length = 0;
    dead.length = 0;
  }

  const subscription: Subscription = {
    async pause() {
      paused = true;
      ended.abort();
      await inWork.idle();
    },
    async resume() {
      if (!paused) return;
      paused = false;
      ended = new AbortController();
      drain();
    },
    purge: async () => purge(),
    poison: async () => push(POISON, {}),
    counts: async () => ({
      queued: waiting.length + inWork.count + again.size,
      dead: dead.length,
      // Nobody else puts any there.
      explained: dead.length,
    }),
  };
  return { push, subscription, close: purge };
}

const nobody: Message = { id: "", name: "", correlationId: "", at: 0, body: undefined };

function read(text: string): Pick<Delivery, "message" | "unreadable"> {
  try {
    return { message: JSON.parse(text) as Message };
  } catch {
    return { message: nobody, unreadable: "not JSON" };
  }
}
