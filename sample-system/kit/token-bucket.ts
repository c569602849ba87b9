/*
 * A token bucket for each client: `burst` tokens at most, `ratePerSecond` more each second; a request takes one.
 *
 *   full ── take ──▶ … ── take ──▶ empty: not before the next token has dripped in
 */
export type BucketSettings = { ratePerSecond: number; burst: number };

export type TokenBuckets = {
  /** Takes a token of this client and answers 0; or, where there is none, how long until the next one, in ms. */
  take(client: string, settings: BucketSettings): number;
  /** All buckets are full again. */
  clear(): void;
};

/** The client who has not been seen for longest is forgotten first; coming back, it finds its bucket full. */
const MAX_CLIENTS = 10_000;

/** `now` in ms. Settings are given each time, so that they can change while running. */
export function createTokenBuckets(now: () => number = () => performance.now()): TokenBuckets {
  const buckets = new Map<string, { tokens: number; at: number }>();

  return {
    take(client, { ratePerSecond, burst }) {
      const at = now();
      const last = buckets.get(client) ?? { tokens: burst, at };
      const dripped = Math.min(burst, last.tokens + ((at - last.at) / 1_000) * ratePerSecond);
      const tokens = dripped >= 1 ? dripped - 1 : dripped;
      // Taken out first, so that the map's order is that of the last visits.
      buckets.delete(client);
      buckets.set(client, { tokens, at });
      const [longestUnseen] = buckets.keys();
      if (buckets.size > MAX_CLIENTS && longestUnseen !== undefined) buckets.delete(longestUnseen);
      return dripped >= 1 ? 0 : ((1 - dripped) / ratePerSecond) * 1_000;
    },
    clear: () => buckets.clear(),
  };
}
