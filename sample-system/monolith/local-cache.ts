import type { CacheEdge } from "../kit/calls/cache-edge.ts";

/** Keys that are kept; the one written first goes first. */
const MAX_KEYS = 1_000;

/** The process's own memory in place of a cache server: nothing lies between, so nothing guards it. */
export function createLocalCache(now: () => number = Date.now): CacheEdge {
  const entries = new Map<string, { value: string; until: number }>();
  return {
    async get(key) {
      const entry = entries.get(key);
      if (entry && entry.until > now()) return entry.value;
      entries.delete(key);
      return null;
    },
    async set(key, value, ttlMs) {
      entries.delete(key);
      entries.set(key, { value, until: now() + ttlMs });
      const [oldest] = entries.keys();
      if (entries.size > MAX_KEYS && oldest !== undefined) entries.delete(oldest);
    },
    async del(...keys) {
      for (const key of keys) entries.delete(key);
    },
    clear: async () => entries.clear(),
    withFallback: (ask) => ask(),
    reset() {},
    waitingFor: () => null,
    close: () => entries.clear(),
  };
}
