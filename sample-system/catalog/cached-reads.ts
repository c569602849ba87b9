import { trace } from "@opentelemetry/api";
import { log, toReason } from "../kit/log.ts";
import { isOn } from "../kit/policies/is-on.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { createLastGood } from "./last-good.ts";
import type { Cache } from "./patient-cache.ts";
import { createSingleFlight } from "./single-flight.ts";

/*
 * Reads past the database, each part a switch:
 *
 *   read ─▶ one flight a key ─▶ cache ─ hit ─▶ answer
 *           (coalescing)          │ miss, or no cache
 *                                 ▼
 *                               load ─▶ answer, into the cache for its time to live
 *                                 └─ fails ─▶ the last good answer, where there is one (stale if error)
 *
 * Without coalescing, all who miss at once load at once: after a flush that is everyone.
 */
export type CachedReads = {
  /** `load` must give something that survives JSON. Rejects with what `load` rejects with. */
  read<T>(key: string, load: () => Promise<T>): Promise<T>;
  /** What the keys stand for has changed. */
  forget(...keys: string[]): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
};

/** How long a stale answer stands before the database is tried again. */
const STALE_MS = 1_000;

/** Where an answer came from. */
type Usage = "hit" | "miss" | "coalesced" | "stale" | "off";

export function createCachedReads({ cache, policies }: { cache: Cache; policies: Policies }): CachedReads {
  const flights = createSingleFlight();
  const lastGood = createLastGood();
  // Counts what was forgotten: an answer that was loaded before is not put into the cache after.
  let epoch = 0;

  /** Undefined where the cache has nothing, nothing of sense, or gives no answer. */
  async function fromCache(key: string): Promise<{ value: unknown } | undefined> {
    try {
      const text = await cache.get(key);
      return text === null ? undefined : { value: JSON.parse(text) };
    } catch {
      return undefined;
    }
  }
  async function intoCache(key: string, value: unknown, ttlMs: number) {
    await cache.set(key, JSON.stringify(value), ttlMs).catch(() => {});
  }

  async function readOnce<T>(key: string, load: () => Promise<T>): Promise<{ value: T; usage: Usage }> {
    const rule = policies.component().cacheAside;
    const ttlMs = rule?.enabled ? rule.ttlMs : undefined;
    const cached = ttlMs === undefined ? undefined : await fromCache(key);
    if (cached) {
      lastGood.keep(key, cached.value);
      return { value: cached.value as T, usage: "hit" };
    }
    const begun = epoch;
    try {
      const value = await load();
      lastGood.keep(key, value);
      if (ttlMs !== undefined && begun === epoch) await intoCache(key, value, ttlMs);
      return { value, usage: ttlMs === undefined ? "off" : "miss" };
    } catch (error) {
      const stale = isOn(policies, "staleIfError") ? lastGood.find(key) : undefined;
      if (!stale) throw error;
      if (ttlMs !== undefined) await intoCache(key, stale.value, STALE_MS);
      return { value: stale.value as T, usage: "stale" };
    }
  }

  return {
    async read(key, load) {
      const { answer, joined } = isOn(policies, "requestCoalescing")
        ? flights.run(key, () => readOnce(key, load))
        : { answer: readOnce(key, load), joined: false };
      const { value, usage } = await answer;
      trace.getActiveSpan()?.setAttribute("cache.usage", joined && usage !== "hit" ? "coalesced" : usage);
      return value;
    },
    async forget(...keys) {
      epoch += 1;
      for (const key of keys) flights.forget(key);
      // What cannot be deleted now is gone after its time to live.
      await cache.del(...keys).catch((error: unknown) => log(`the cache keeps ${keys.join(", ")}: ${toReason(error)}`));
    },
    async clear() {
      epoch += 1;
      lastGood.clear();
      await cache.clear().catch((error: unknown) => log(`the cache is not cleared: ${toReason(error)}`));
    },
  };
}
