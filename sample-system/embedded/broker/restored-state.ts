import type { ExchangeSettings } from "./exchange.ts";
import type { JournalRecord } from "./journal-record.ts";
import type { Message } from "./message.ts";
import type { QueueSettings } from "./queue.ts";

type Binding = { exchange: string; queue: string; key: string };
export type RestoredState = {
  exchanges: Map<string, ExchangeSettings>;
  queues: Map<string, { settings: QueueSettings; messages: Map<number, Message> }>;
  bindings: Map<string, Binding>;
  /** The highest message id seen. */
  lastId: number;
};

/** The journal's records → what was there at the end of them. */
export function replay(records: Iterable<JournalRecord>): RestoredState {
  const state: RestoredState = { exchanges: new Map(), queues: new Map(), bindings: new Map(), lastId: 0 };
  for (const record of records) apply(state, record);
  return state;
}

function apply(state: RestoredState, record: JournalRecord): void {
  const { exchanges, queues, bindings } = state;
  switch (record.type) {
    case "exchange":
      exchanges.set(record.settings.name, record.settings);
      break;
    case "exchange-deleted":
      exchanges.delete(record.name);
      forget(bindings, (binding) => binding.exchange === record.name);
      break;
    case "queue":
      queues.set(record.settings.name, { settings: record.settings, messages: new Map() });
      break;
    case "queue-deleted":
      queues.delete(record.name);
      forget(bindings, (binding) => binding.queue === record.name);
      break;
    case "bound":
      bindings.set(keyOf(record), record);
      break;
    case "unbound":
      bindings.delete(keyOf(record));
      break;
    case "message":
      state.lastId = Math.max(state.lastId, record.message.id);
      for (const queue of record.queues) queues.get(queue)?.messages.set(record.message.id, record.message);
      break;
    case "settled":
      queues.get(record.queue)?.messages.delete(record.id);
      break;
  }
}

function keyOf({ exchange, queue, key }: Binding): string {
  return JSON.stringify([exchange, queue, key]);
}

function forget(bindings: Map<string, Binding>, gone: (binding: Binding) => boolean): void {
  for (const [key, binding] of bindings) if (gone(binding)) bindings.delete(key);
}
