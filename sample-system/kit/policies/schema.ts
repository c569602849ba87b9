import { z } from "zod";

/** What a service does to protect itself, on each edge by callee, and for itself. Unknown policies are left out, not refused. */
const ms = z.number().min(1);

const edgePolicies = z
  .object({
    timeout: z.object({ enabled: z.boolean(), timeoutMs: ms }),
    circuitBreaker: z.object({
      mode: z.enum(["auto", "disabled", "forced_open", "forced_closed"]),
      windowMs: ms,
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
    fallback: z.object({ enabled: z.boolean() }),
  })
  .partial();
export type EdgePolicies = z.infer<typeof edgePolicies>;

const componentPolicies = z
  .object({
    capacity: z.object({ workers: z.number().int().min(1), serviceTimeMs: z.number().min(0) }),
    load: z.object({ ratePerSecond: z.number().min(0) }),
  })
  .partial();
export type ComponentPolicies = z.infer<typeof componentPolicies>;

/** One line of the policy stream. */
export const policyDocument = z.object({
  edges: z.record(z.string(), edgePolicies),
  component: componentPolicies,
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
