import { z } from "zod";
import { breakerRules } from "./breaker.ts";
import { type FlagFault, flagFaultTypes } from "./faults.ts";
import { componentId, edgeId } from "./ids.ts";

const ms = z.number().int().min(1).max(600_000);
const percent = z.number().min(0).max(100);
const onOff = z.strictObject({ enabled: z.boolean() });

/**
 * What a caller does to protect itself on an edge. Each value is complete: setting a policy replaces its value whole.
 * A policy that an edge's document does not name is one that the caller does not implement there.
 */
export const edgePolicySchemas = {
  timeout: z.strictObject({ enabled: z.boolean(), timeoutMs: ms }),
  /** `maxAttempts` counts the first one; pauses grow from `backoffMs` with full jitter; retries are at most `budgetPercent` of calls. */
  retry: z.strictObject({
    enabled: z.boolean(),
    maxAttempts: z.number().int().min(1).max(10),
    backoffMs: z.number().int().min(0).max(60_000),
    budgetPercent: percent,
  }),
  circuitBreaker: z.strictObject({
    mode: z.enum(["auto", "disabled", "forced_open", "forced_closed"]),
    /** Whose rules: how rates are compared, what is counted, how it half-opens. */
    rules: z.enum(breakerRules).default("resilience4j"),
    windowMs: ms,
    /** The window holds the last so many calls; 0: those of the last `windowMs`. */
    windowCalls: z.number().int().min(0).max(10_000).default(0),
    minimumCalls: z.number().int().min(1).max(10_000),
    failureRatePercent: percent,
    slowCallMs: ms,
    slowRatePercent: percent,
    openMs: ms,
    permittedProbes: z.number().int().min(1).max(1_000),
  }),
  bulkhead: z.strictObject({
    enabled: z.boolean(),
    maxConcurrent: z.number().int().min(1).max(10_000),
    maxWaiting: z.number().int().min(0).max(10_000),
  }),
  fallback: z.strictObject({ enabled: z.boolean() }),
} as const;
export type EdgePolicyName = keyof typeof edgePolicySchemas;

/** What a component does for itself. `load` is obeyed by components labelled `faultline.client`. */
export const componentPolicySchemas = {
  capacity: z.strictObject({
    workers: z.number().int().min(1).max(10_000),
    serviceTimeMs: z.number().min(0).max(60_000),
  }),
  load: z.strictObject({ ratePerSecond: z.number().min(0).max(2_000) }),
  /** A token bucket for each client. */
  rateLimit: z.strictObject({
    enabled: z.boolean(),
    ratePerSecond: z.number().min(0.1).max(10_000),
    burst: z.number().int().min(1).max(10_000),
  }),
  /** Refuses what comes while so many requests are in work. */
  loadShedding: z.strictObject({ enabled: z.boolean(), maxConcurrent: z.number().int().min(1).max(10_000) }),
  authentication: onOff,
  /** Passes on how much time its caller has left, and gives up work whose caller has none. */
  deadlines: onOff,
  cacheAside: z.strictObject({ enabled: z.boolean(), ttlMs: ms }),
  /** One question for all who ask the same at once. */
  requestCoalescing: onOff,
  staleIfError: onOff,
  /** Keeps its own copy of others' data, fed by their events. */
  replication: onOff,
  saga: onOff,
  outbox: onOff,
  inbox: onOff,
  idempotencyKeys: onOff,
  deadLetters: z.strictObject({ enabled: z.boolean(), maxDeliveries: z.number().int().min(1).max(100) }),
} as const;
export type ComponentPolicyName = keyof typeof componentPolicySchemas;

export type PolicyName = EdgePolicyName | ComponentPolicyName;
export const policyNames = [...Object.keys(edgePolicySchemas), ...Object.keys(componentPolicySchemas)] as [
  PolicyName,
  ...PolicyName[],
];

export const edgePolicies = z.strictObject(edgePolicySchemas).partial();
export type EdgePolicies = z.infer<typeof edgePolicies>;
export const componentPolicies = z.strictObject(componentPolicySchemas).partial();
export type ComponentPolicies = z.infer<typeof componentPolicies>;

/** One preset: every edge and component that has policies, with their values. */
export const policyPreset = z.strictObject({
  edges: z.record(edgeId, edgePolicies),
  components: z.record(componentId, componentPolicies),
});
export type PolicyPreset = z.infer<typeof policyPreset>;

/** The policies file that comes with a system (named in the compose file under `x-faultline: policies`). */
export const policyFile = z.strictObject({
  default: z.string(),
  presets: z.record(z.string(), policyPreset),
  /** Which fault flags a component obeys; a broker's are handed to everyone who uses it. */
  faults: z.record(componentId, z.array(z.enum(flagFaultTypes))).default({}),
});
export type PolicyFile = z.infer<typeof policyFile>;

/**
 * What one component receives on its policy stream, one JSON document a line, whenever it changes:
 * `edges` by callee name, `component` for itself.
 */
export type PolicyDocument = {
  version: number;
  edges: Record<string, EdgePolicies>;
  component: ComponentPolicies;
  /** Fault flags that hold for this component; put in by the agent, which keeps their leases. */
  faults?: FlagFault[];
};
