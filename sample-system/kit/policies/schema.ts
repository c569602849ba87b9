import { z } from "zod";

/** What a service does to protect itself, on each edge by callee, and for itself. Unknown policies are left out, not refused. */
const ms = z.number().min(1);
const onOff = z.object({ enabled: z.boolean() });

const edgePolicies = z
  .object({
    timeout: z.object({ enabled: z.boolean(), timeoutMs: ms }),
    /** `maxAttempts` counts the first one; pauses grow from `backoffMs` with full jitter; retries are at most `budgetPercent` of calls. */
    retry: z.object({
      enabled: z.boolean(),
      maxAttempts: z.number().int().min(1),
      backoffMs: z.number().min(0),
      budgetPercent: z.number().min(0),
    }),
    circuitBreaker: z.object({
      mode: z.enum(["auto", "disabled", "forced_open", "forced_closed"]),
      /** Whose rules: how rates are compared, what is counted, how it half-opens. */
      rules: z.enum(["resilience4j", "hystrix", "polly", "opossum"]).default("resilience4j"),
      windowMs: ms,
      /** The window holds the last so many calls; 0: those of the last `windowMs`. */
      windowCalls: z.number().int().min(0).default(0),
      minimumCalls: z.number().int().min(1),
      failureRatePercent: z.number(),
      slowCallMs: ms,
      slowRatePercent: z.number(),
      openMs: ms,
      permittedProbes: z.number().int().min(1),
    }),
    bulkhead: z.object({
      enabled: z.boolean(),
      maxConcurrent: z.number().int().min(1),
      maxWaiting: z.number().int().min(0),
    }),
    fallback: onOff,
  })
  .partial();
export type EdgePolicies = z.infer<typeof edgePolicies>;

const componentPolicies = z
  .object({
    capacity: z.object({ workers: z.number().int().min(1), serviceTimeMs: z.number().min(0) }),
    load: z.object({ ratePerSecond: z.number().min(0) }),
    /** A token bucket for each client. */
    rateLimit: z.object({
      enabled: z.boolean(),
      ratePerSecond: z.number().min(0.1),
      burst: z.number().int().min(1),
    }),
    /** Refuses what comes while so many requests are in work. */
    loadShedding: z.object({ enabled: z.boolean(), maxConcurrent: z.number().int().min(1) }),
    authentication: onOff,
    deadlines: onOff,
    cacheAside: z.object({ enabled: z.boolean(), ttlMs: ms }),
    requestCoalescing: onOff,
    staleIfError: onOff,
    replication: onOff,
    saga: onOff,
    outbox: onOff,
    inbox: onOff,
    idempotencyKeys: onOff,
    deadLetters: z.object({ enabled: z.boolean(), maxDeliveries: z.number().int().min(1) }),
  })
  .partial();
export type ComponentPolicies = z.infer<typeof componentPolicies>;

/** What a component does to itself for a lesson. A type that nobody here knows is obeyed by nobody. */
const flagFault = z.object({
  id: z.string(),
  type: z.string(),
  attributes: z.record(z.string(), z.unknown()),
  /** Share of what it hits, 0 to 1. */
  rate: z.number().min(0).max(1),
});
export type FlagFault = z.infer<typeof flagFault>;

/** One line of the policy stream. */
export const policyDocument = z.object({
  edges: z.record(z.string(), edgePolicies),
  component: componentPolicies,
  faults: z.array(flagFault).default([]),
});
export type PolicyDocument = z.infer<typeof policyDocument>;

/** policies.json. */
export const policyFile = z.object({
  default: z.string(),
  presets: z.record(
    z.string(),
    z.object({
      edges: z.record(z.string(), edgePolicies),
      components: z.record(z.string(), componentPolicies),
    }),
  ),
});
export type PolicyFile = z.infer<typeof policyFile>;
