import { SpanKind } from "@opentelemetry/api";
import { Redis } from "iovalkey";
import { backoffMs } from "../backoff.ts";
import { log, toReason } from "../log.ts";
import { namePeer } from "../otel/peers.ts";
import type { Policies } from "../policies/policies.ts";
import { CallError } from "./call-error.ts";
import { withCallSpan } from "./call-span.ts";
import { createGuard, type Guard } from "./guard.ts";
import { untilLimit } from "./until-limit.ts";

/*
 * A caller's connection to its cache (RESP: Valkey, Redis), protected as any other edge.
 *
 *   get, set, del ─▶ guard (breaker, timeout) ─▶ one connection, at most MAX_UNANSWERED commands on it ─▶ cache
 *
 * The connection comes back by itself. While it is gone, commands fail at once: nothing is kept for later.
 */
export type CacheEdge = Pick<Guard, "withFallback" | "reset"> & {
  /** Each rejects with a CallError; `get` gives null for what the cache does not have. */
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  del(...keys: string[]): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
  /** Null, or the cache's name while it is not connected. */
  waitingFor(): string | null;
  close(): void;
};

const MAX_UNANSWERED = 100;
const CONNECT_TIMEOUT_MS = 2_000;

export function createCacheEdge(caller: string, callee: string, url: string, policies: Policies): CacheEdge {
  const { hostname, port } = new URL(url);
  const guard = createGuard(caller, callee, policies);
  let unanswered = 0;
  namePeer(url, callee);

  const client = new Redis(Number(port || 6379), hostname, {
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt) => backoffMs(attempt - 1),
  });
  let told = "";
  const tell = (news: string) => {
    if (news !== told) log(`${callee} ${news}`);
    told = news;
  };
  client.on("ready", () => tell("is connected"));
  client.on("close", () => tell("is not connected"));
  // Told by `close`, which follows.
  client.on("error", () => {});

  async function send<T>(command: () => Promise<T>): Promise<T> {
    if (unanswered >= MAX_UNANSWERED) {
      throw new CallError(callee, "unreachable", `${callee} has ${unanswered} commands to answer`);
    }
    unanswered += 1;
    try {
      return await command();
    } catch (cause) {
      throw new CallError(callee, "unreachable", `${callee} is unreachable: ${toReason(cause)}`, { cause });
    } finally {
      unanswered -= 1;
    }
  }

  function run<T>(operation: string, command: () => Promise<T>): Promise<T> {
    return guard.run((limit, retryAttempt) => {
      const attributes = {
        "db.system.name": "redis",
        "db.operation.name": operation,
        "peer.service": callee,
        "server.address": hostname,
        "server.port": Number(port || 6379),
        ...(retryAttempt && { "retry.attempt": retryAttempt }),
      };
      return withCallSpan(operation, { kind: SpanKind.CLIENT, attributes }, () =>
        untilLimit(callee, send(command), { limit }),
      );
    });
  }

  return {
    get: (key) => run("GET", () => client.get(key)),
    async set(key, value, ttlMs) {
      await run("SET", () => client.set(key, value, "PX", Math.max(1, Math.round(ttlMs))));
    },
    async del(...keys) {
      await run("DEL", () => client.del(...keys));
    },
    async clear() {
      await run("FLUSHALL", () => client.flushall());
    },
    withFallback: guard.withFallback,
    reset: guard.reset,
    waitingFor: () => (client.status === "ready" ? null : callee),
    close() {
      guard.close();
      client.disconnect();
    },
  };
}
