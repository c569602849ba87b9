/** The keys and their values. The least recently used go when it is full, as with Valkey's `allkeys-lru`. */
const MAX_BYTES = 32 * 1024 * 1024;
/** What an entry costs beside its text, roughly. */
const ENTRY_OVERHEAD_BYTES = 100;

/** `expiresAt`: epoch ms, Infinity for never. */
type Entry = { value: string; expiresAt: number };

export type Keyspace = {
  get(key: string): string | undefined;
  set(key: string, value: string, expiresAt: number): void;
  /** When it expires, undefined when it is not there. */
  expiry(key: string): number | undefined;
  /** Whether it was there. */
  delete(key: string): boolean;
  clear(): void;
  readonly size: number;
};

/** An expired entry is not there for anyone; its memory comes back when it is asked for, or becomes the least recently used. */
export function createKeyspace(now: () => number = Date.now, maxBytes = MAX_BYTES): Keyspace {
  // A Map keeps the order of insertion: what is used is put in anew, so the first is the one longest unused.
  const entries = new Map<string, Entry>();
  let bytes = 0;

  function remove(key: string): boolean {
    const entry = entries.get(key);
    if (!entry) return false;
    entries.delete(key);
    bytes -= toBytes(key, entry.value);
    return true;
  }
  function put(key: string, entry: Entry) {
    entries.set(key, entry);
    bytes += toBytes(key, entry.value);
  }
  function living(key: string): Entry | undefined {
    const entry = entries.get(key);
    if (!entry || entry.expiresAt > now()) return entry;
    remove(key);
    return undefined;
  }

  return {
    get(key) {
      const entry = living(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, expiresAt) {
      remove(key);
      put(key, { value, expiresAt });
      for (const oldest of entries.keys()) {
        if (bytes <= maxBytes) return;
        remove(oldest);
      }
    },
    expiry: (key) => living(key)?.expiresAt,
    delete: (key) => living(key) !== undefined && remove(key),
    clear() {
      entries.clear();
      bytes = 0;
    },
    get size() {
      return entries.size;
    },
  };
}

function toBytes(key: string, value: string): number {
  return key.length + value.length + ENTRY_OVERHEAD_BYTES;
}
