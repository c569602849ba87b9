import { EVENT_LIMIT, type LogEntry } from "#contract/state.ts";

/** Numbers what happens, and holds it until it is taken: at most the newest EVENT_LIMIT. */
export type EventList = {
  add(at: number, entry: Omit<LogEntry, "id" | "at">): void;
  take(): LogEntry[];
};

export function createEventList(): EventList {
  let fresh: LogEntry[] = [];
  let id = 0;
  return {
    add(at, entry) {
      fresh.push({ id: ++id, at, ...entry });
      if (fresh.length > EVENT_LIMIT) fresh.shift();
    },
    take() {
      const taken = fresh;
      fresh = [];
      return taken;
    },
  };
}
