import { z } from "zod";
import { componentId, edgeId } from "./ids.ts";

/** Longest and default lease, and the shortest that still shows on the map. */
export const LEASE_MS = { default: 60_000, max: 30 * 60_000, min: 1_000 } as const;

/** After this long without a heartbeat from the dashboard, the agent drops every fault (dead-man switch). */
export const DEAD_MAN_MS = 10_000;

/** How many faults may hold at once. */
export const MAX_FAULTS = 5;

const ms = z.number().int().min(0).max(600_000);

/** Attributes of each toxic; names and units are Toxiproxy's. */
export const toxicAttributes = {
  latency: z.strictObject({ latency: ms, jitter: ms.default(0) }),
  timeout: z.strictObject({ timeout: ms.default(0) }),
  reset_peer: z.strictObject({ timeout: ms.default(0) }),
  down: z.strictObject({}),
} as const;
export type ToxicType = keyof typeof toxicAttributes;
export const toxicTypes = Object.keys(toxicAttributes) as ToxicType[];

/** Attributes of each component fault, applied through the runtime. */
export const componentFaultAttributes = {
  kill: z.strictObject({}),
  stop: z.strictObject({}),
  pause: z.strictObject({}),
} as const;
export type ComponentFaultType = keyof typeof componentFaultAttributes;
export const componentFaultTypes = Object.keys(componentFaultAttributes) as ComponentFaultType[];

export type FaultType = ToxicType | ComponentFaultType;
export const faultTypes: FaultType[] = [...toxicTypes, ...componentFaultTypes];

export const faultTarget = z.union([z.strictObject({ edge: edgeId }), z.strictObject({ component: componentId })]);
export type FaultTarget = z.infer<typeof faultTarget>;

export const faultAttributes = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));
export const leaseMs = z.number().int().min(LEASE_MS.min).max(LEASE_MS.max);

/** `pending` until the data plane has confirmed it; nothing is drawn as broken before. Times are epoch milliseconds. */
export const fault = z.object({
  id: z.string(),
  type: z.enum(faultTypes as [FaultType, ...FaultType[]]),
  target: faultTarget,
  attributes: faultAttributes,
  /** Share of connections hit, 0 to 1. */
  rate: z.number().min(0).max(1),
  state: z.enum(["pending", "active"]),
  startedAt: z.number(),
  expiresAt: z.number(),
  owner: z.string(),
});
export type Fault = z.infer<typeof fault>;
