import type { ComponentPolicyName, EdgePolicyName } from "#contract/policies.ts";

/** One number of a policy, as it is asked for. Bounds are those of contract/policies.ts. */
export type PolicyField = { key: string; label: string; unit?: string; min: number; max: number };
/** How a policy is shown: its name in the field's words, what it does in one line, its numbers. */
export type PolicyText = { label: string; effect: string; fields: PolicyField[] };

const MS = { unit: "ms", min: 1, max: 600_000 };
const count = (key: string, label: string, unit?: string): PolicyField => ({
  key,
  label,
  min: 1,
  max: 10_000,
  ...(unit && { unit }),
});

/** Shown in this order. The circuit breaker has a panel of its own, and the load its place in the top bar. */
export const edgePolicyTexts: Record<Exclude<EdgePolicyName, "circuitBreaker">, PolicyText> = {
  timeout: {
    label: "Timeout",
    effect: "Gives up waiting",
    fields: [{ key: "timeoutMs", label: "after", ...MS }],
  },
  retry: {
    label: "Retry",
    effect: "Asks again what failed, within a share of all calls",
    fields: [
      { key: "maxAttempts", label: "at most", unit: "tries", min: 1, max: 10 },
      { key: "budgetPercent", label: "budget", unit: "%", min: 0, max: 100 },
    ],
  },
  bulkhead: {
    label: "Bulkhead",
    effect: "Keeps a slow callee from taking every worker",
    fields: [count("maxConcurrent", "at most", "calls")],
  },
  fallback: { label: "Fallback", effect: "Answers with less when the callee does not", fields: [] },
};

export const componentPolicyTexts: Record<Exclude<ComponentPolicyName, "load">, PolicyText> = {
  authentication: { label: "Authentication", effect: "A signed token, verified here", fields: [] },
  rateLimit: {
    label: "Rate limit",
    effect: "A token bucket for each client",
    fields: [{ key: "ratePerSecond", label: "each client", unit: "/s", min: 1, max: 10_000 }, count("burst", "burst")],
  },
  loadShedding: {
    label: "Load shedding",
    effect: "Refuses what comes while so much is in work",
    fields: [count("maxConcurrent", "at most", "requests")],
  },
  deadlines: {
    label: "Deadlines",
    effect: "Passes on how much time is left, and gives up what nobody waits for",
    fields: [],
  },
  cacheAside: {
    label: "Cache-aside",
    effect: "Looks into the cache first",
    fields: [{ key: "ttlMs", label: "keeps for", ...MS }],
  },
  requestCoalescing: {
    label: "Request coalescing",
    effect: "One question for all who ask the same at once",
    fields: [],
  },
  staleIfError: { label: "Stale if error", effect: "The last good answer when there is no new one", fields: [] },
  replication: { label: "Replication", effect: "Its own copy of others' data, fed by their events", fields: [] },
  saga: { label: "Saga", effect: "Steps by message, each with its compensation", fields: [] },
  outbox: { label: "Outbox", effect: "Messages are stored with the change, and sent until they arrive", fields: [] },
  inbox: { label: "Inbox", effect: "A message that came before is known, and does nothing", fields: [] },
  idempotencyKeys: { label: "Idempotency keys", effect: "The same key gets the same answer", fields: [] },
  deadLetters: {
    label: "Dead letters",
    effect: "A message that keeps failing is put aside",
    fields: [{ key: "maxDeliveries", label: "after", unit: "deliveries", min: 1, max: 100 }],
  },
  capacity: {
    label: "Capacity",
    effect: "How much it does at once",
    fields: [
      count("workers", "workers"),
      { key: "serviceTimeMs", label: "each call", unit: "ms", min: 0, max: 60_000 },
    ],
  },
};
