import { z } from "zod";
import { breaker } from "./breaker.ts";
import { type Fault, fault, flagFaultTypes } from "./faults.ts";
import { type Invariant, invariant } from "./invariants.ts";
import { componentPolicies, edgePolicies } from "./policies.ts";

/*
 * The picture of the running system, as GET /api/state answers it and the socket carries it:
 *   one snapshot, then deltas; each delta names the revision it builds on, and a gap makes the client ask again.
 * Times are epoch milliseconds, durations milliseconds, rates per second, ratios 0 to 1; all of them measured.
 */

export const runtimeKinds = ["docker", "process"] as const;
export type RuntimeKind = (typeof runtimeKinds)[number];

export const componentKinds = ["service", "gateway", "database", "broker", "cache", "external", "client"] as const;
export type ComponentKind = (typeof componentKinds)[number];

/** What the runtime says. `killed`, `stopped` and `exited` are drawn as a ghost, in place. */
export const componentStates = [
  "waiting",
  "starting",
  "running",
  "paused",
  "stopping",
  "stopped",
  "killed",
  "exited",
] as const;
export type ComponentState = (typeof componentStates)[number];

export const healths = ["ok", "degraded", "failing", "idle"] as const;
export type Health = (typeof healths)[number];

export const componentActions = ["start", "stop", "kill", "pause", "unpause", "restart"] as const;
export type ComponentAction = (typeof componentActions)[number];

export const component = z.object({
  id: z.string(),
  kind: z.enum(componentKinds),
  /** Bounded context that owns it; null for what belongs to none. */
  context: z.string().nullable(),
  state: z.enum(componentStates),
  /** When this state began. */
  since: z.number(),
  exitCode: z.number().nullable().optional(),
  /** One line on what it is doing or what happened: "waiting for rabbitmq", "killed by you". */
  detail: z.string().optional(),
  restarts: z.number(),
  ratePerSecond: z.number(),
  errorRatio: z.number(),
  /** Share answered with 4xx; not among the errors. */
  clientErrorRatio: z.number(),
  /** null where nothing was measured. */
  p95Ms: z.number().nullable(),
  health: z.enum(healths),
  /** The violated rule, with its numbers; absent when ok or idle. */
  reason: z.string().optional(),
  /** Share of one core, and resident bytes, where the runtime measures them. */
  cpuRatio: z.number().optional(),
  memoryBytes: z.number().optional(),
  policies: componentPolicies.optional(),
  /** Modules that run inside it, where it says so. */
  modules: z.array(z.string()).optional(),
  /** Fault flags that it obeys. */
  obeys: z.array(z.enum(flagFaultTypes)).optional(),
});
export type Component = z.infer<typeof component>;

export const edge = z.object({
  id: z.string(),
  caller: z.string(),
  callee: z.string(),
  /** http, grpc, postgres, amqp, redis, tcp. */
  protocol: z.string(),
  /** Requests per second on HTTP edges, else spans per second, else new connections per second. */
  ratePerSecond: z.number(),
  errorRatio: z.number(),
  /** Share answered with 4xx; not among the errors. */
  clientErrorRatio: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  openConnections: z.number(),
  bytesPerSecond: z.number(),
  health: z.enum(healths),
  reason: z.string().optional(),
  breaker: breaker.optional(),
  policies: edgePolicies.optional(),
  /** Policies that contradict those of the edges around, a sentence each: "waits 2 s for what its own caller gives up after 1 s". */
  policyWarnings: z.array(z.string()).optional(),
  /** Ids of the faults that hold or are pending here. */
  faults: z.array(z.string()),
});
export type Edge = z.infer<typeof edge>;

/** What users see: the calls of the components labelled `faultline.client`, over the last 10 s. null when there were none. */
export const userView = z.object({
  /** Of the calls that were not refused. */
  successRatio: z.number().nullable(),
  /** Share refused with 4xx, as rate limits do with 429; absent when none were. */
  refusedRatio: z.number().optional(),
  p95Ms: z.number().nullable(),
  ratePerSecond: z.number(),
});
export type UserView = z.infer<typeof userView>;

export const systemStatuses = ["preparing", "starting", "running", "degraded", "stopping", "failed"] as const;
export const system = z.object({
  name: z.string(),
  runtime: z.enum(runtimeKinds),
  status: z.enum(systemStatuses),
  /** One sentence: "starting 11 of 14: waiting for rabbitmq", "no Docker engine answered, so it runs as local processes". */
  message: z.string(),
  agent: z.enum(["starting", "up", "down"]),
  /** Actions that this runtime cannot do, with the reason. */
  unavailableActions: z.partialRecord(z.enum(componentActions), z.string()),
  /** Fixed places by component id, from the system's layout file. */
  layout: z.record(z.string(), z.object({ x: z.number(), y: z.number() })),
  presets: z.array(z.string()),
  /** The preset in force, or null after a single policy was changed. */
  preset: z.string().nullable(),
  /** Asked of the load generators; null where the system has none. */
  loadRatePerSecond: z.number().nullable(),
  /** References in the compose file that could not be interposed, by name. */
  warnings: z.array(z.string()),
  /** Telemetry lost or refused since start. */
  telemetry: z.object({ spansKept: z.number(), rejected: z.number(), dropped: z.number() }),
});
export type System = z.infer<typeof system>;

export const logEntry = z.object({
  id: z.number(),
  at: z.number(),
  kind: z.enum(["fault", "component", "breaker", "policy", "agent", "heal", "system", "invariant"]),
  severity: z.enum(["info", "good", "warning", "bad"]),
  text: z.string(),
  component: z.string().optional(),
  edge: z.string().optional(),
});
export type LogEntry = z.infer<typeof logEntry>;

export const snapshot = z.object({
  revision: z.number(),
  at: z.number(),
  system,
  user: userView,
  components: z.record(z.string(), component),
  edges: z.record(z.string(), edge),
  faults: z.record(z.string(), fault),
  /** Business rules that the system reports about itself, by name. */
  invariants: z.record(z.string(), invariant),
  /** Newest last, at most EVENT_LIMIT. */
  events: z.array(logEntry),
});
export type Snapshot = z.infer<typeof snapshot>;
export const EVENT_LIMIT = 200;

/** What changed since `baseRevision`; null removes; `events` are appended. */
export type Delta = {
  revision: number;
  baseRevision: number;
  at: number;
  system?: System;
  user?: UserView;
  components?: Record<string, Component | null>;
  edges?: Record<string, Edge | null>;
  faults?: Record<string, Fault | null>;
  invariants?: Record<string, Invariant | null>;
  events?: LogEntry[];
};
