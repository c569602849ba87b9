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

/** Attributes of each HTTP fault, rolled for each request on an HTTP edge, also on kept-alive connections. */
export const httpFaultAttributes = {
  /** The callee is never called. */
  http_error: z.strictObject({ status: z.number().int().min(400).max(599).default(503) }),
  /** This request only waits. */
  http_delay: z.strictObject({ latency: ms, jitter: ms.default(0) }),
  /** The callee did the work; the reply never arrives. */
  reply_lost: z.strictObject({}),
} as const;
export type HttpFaultType = keyof typeof httpFaultAttributes;
export const httpFaultTypes = Object.keys(httpFaultAttributes) as HttpFaultType[];

/** Attributes of each fault flag: what a component that knows them does to itself, told with its policies. */
export const flagFaultAttributes = {
  /** Takes no messages. */
  consumer_paused: z.strictObject({}),
  /** A share (rate) of the messages is handled twice. */
  duplicate_delivery: z.strictObject({}),
  /** Ends by SIGKILL after the next new message (of this name, if one is given) is handled and before it is acknowledged. */
  crash_before_ack: z.strictObject({ message: z.string().max(100).optional() }),
  /** One message that nobody understands is put into its queue. */
  poison_message: z.strictObject({}),
  /** Asks `factor` times as often. */
  load_burst: z.strictObject({ factor: z.number().min(1).max(50).default(4) }),
} as const;
export type FlagFaultType = keyof typeof flagFaultAttributes;
export const flagFaultTypes = Object.keys(flagFaultAttributes) as [FlagFaultType, ...FlagFaultType[]];

/** Attributes of each component fault, applied through the runtime. */
export const componentFaultAttributes = {
  kill: z.strictObject({}),
  stop: z.strictObject({}),
  pause: z.strictObject({}),
} as const;
export type ComponentFaultType = keyof typeof componentFaultAttributes;
export const componentFaultTypes = Object.keys(componentFaultAttributes) as ComponentFaultType[];

export type FaultType = ToxicType | HttpFaultType | FlagFaultType | ComponentFaultType;
export const faultTypes: FaultType[] = [...toxicTypes, ...httpFaultTypes, ...flagFaultTypes, ...componentFaultTypes];

export const faultTarget = z.union([z.strictObject({ edge: edgeId }), z.strictObject({ component: componentId })]);
export type FaultTarget = z.infer<typeof faultTarget>;

export const faultAttributes = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));
/** A fault flag as a component receives it. */
export type FlagFault = { id: string; type: FlagFaultType; attributes: Record<string, unknown>; rate: number };
export const leaseMs = z.number().int().min(LEASE_MS.min).max(LEASE_MS.max);

/** `pending` until the data plane has confirmed it; nothing is drawn as broken before. Times are epoch milliseconds. */
export const fault = z.object({
  id: z.string(),
  type: z.enum(faultTypes as [FaultType, ...FaultType[]]),
  target: faultTarget,
  attributes: faultAttributes,
  /** Share of connections (toxics), requests (HTTP faults) or messages hit, 0 to 1. */
  rate: z.number().min(0).max(1),
  state: z.enum(["pending", "active"]),
  startedAt: z.number(),
  expiresAt: z.number(),
  owner: z.string(),
});
export type Fault = z.infer<typeof fault>;
