import { setTimeout as sleep } from "node:timers/promises";
import { SpanKind } from "@opentelemetry/api";
import type { CacheEdge } from "../kit/calls/cache-edge.ts";
import { withCallSpan } from "../kit/calls/call-span.ts";
import type { Policies } from "../kit/policies/policies.ts";

/*
 * A cache client as it comes out of the box: while its connection is gone it keeps what it is asked until that is back.
 * For a cache that is the wrong way round, worse than having none:
 *
 *   get, set, del ─▶ connected? ─ yes ──────────────────────────────▶ edge
 *                        └─ no ─▶ timeout or breaker on? ─ yes ──────▶ edge, which fails or refuses at once
 *                                      └─ no ─▶ wait, at most PATIENCE_MS
 *
 * Whoever switches a protection on sets free all who wait. They are as many as the service has workers.
 */
export type Cache = Pick<CacheEdge, "get" | "set" | "del" | "clear">;

/** About as long as the common clients try, counted from the first failure. */
const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 50;

export function createPatientCache(cache: Cache & Pick<CacheEdge, "waitingFor">, policies: Policies): Cache {
  function isProtected(): boolean {
    const { timeout, circuitBreaker } = policies.edge("cache");
    return timeout?.enabled === true || (circuitBreaker !== undefined && circuitBreaker.mode !== "disabled");
  }
  const mustWait = () => cache.waitingFor() !== null && !isProtected();

  async function connected() {
    if (!mustWait()) return;
    await withCallSpan(
      "wait for cache",
      { kind: SpanKind.INTERNAL, attributes: { "peer.service": "cache" } },
      async () => {
        const until = performance.now() + PATIENCE_MS;
        while (mustWait() && performance.now() < until) await sleep(LOOK_AGAIN_MS);
      },
    );
  }

  return {
    async get(key) {
      await connected();
      return cache.get(key);
    },
    async set(key, value, ttlMs) {
      await connected();
      await cache.set(key, value, ttlMs);
    },
    async del(...keys) {
      await connected();
      await cache.del(...keys);
    },
    clear: cache.clear,
  };
}
