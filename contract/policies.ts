import { z } from "zod";
import { componentId, edgeId } from "./ids.ts";

const ms = z.number().int().min(1).max(600_000);
const percent = z.number().min(0).max(100);

/**
 * What a caller does to protect itself on an edge. Each value is complete: setting a policy replaces its value whole.
 * A policy that an edge's document does not name is one that the caller does not implement there.
 */
export const edgePolicySchemas = {
  timeout: z.strictObject({ enabled: z.boolean(), timeoutMs: ms }),
  circuitBreaker: z.strictObject({
    mode: z.enum(["auto", "disabled", "forced_open", "forced_closed"]),
    windowMs: ms,
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
} as const;
export type ComponentPolicyName = keyof typeof componentPolicySchemas;

export const policyNames = [...Object.keys(edgePolicySchemas), ...Object.keys(componentPolicySchemas)] as [
  EdgePolicyName | ComponentPolicyName,
  ...(EdgePolicyName | ComponentPolicyName)[],
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
};
