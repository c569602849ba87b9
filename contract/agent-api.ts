import { z } from "zod";
import {
  faultAttributes,
  flagFaultTypes,
  type HttpFaultType,
  httpFaultTypes,
  leaseMs,
  type ToxicType,
  toxicTypes,
} from "./faults.ts";
import { componentId, edgeId } from "./ids.ts";
import type { SparseHistogram } from "./log-linear.ts";

/*
 * What the dashboard and the agent say to each other. The dashboard opens every connection.
 *
 *   dashboard ── control port ──▶ agent ◀── intake port ── components
 *     GET    /faultline/health          {instance}                       POST /v1/traces|metrics|logs   relayed untouched
 *     PUT    /faultline/edges           the full set of listeners        GET  /policies/<component>     one document a line
 *     POST   /faultline/faults          PATCH|DELETE /faultline/faults/<id>   DELETE /faultline/faults
 *     GET    /faultline/faults          what holds now
 *     POST   /faultline/heartbeat       renews the dead-man switch
 *     PUT    /faultline/policies        documents by component
 *     PUT    /faultline/orphans         process groups to end when no dashboard comes back
 *     GET    /faultline/probe?address=  {open}: whether an edge's upstream accepts connections; 404 for other addresses
 *     POST   /faultline/reset           {address}: POST http://<address>/reset on the dashboard's behalf, answered {status, body}
 *     GET    /faultline/stream          frames, agent → dashboard
 *
 * POST and PATCH answer the fault as it holds, GET faults a list of them; what has nothing to say answers {}.
 * Errors are answered with the status of contract/errors.ts and { code, message }.
 */

export const agentEdge = z.strictObject({
  id: edgeId,
  /** host:port; port 0 takes a free one, and the answer says which. */
  listen: z.string(),
  upstream: z.string(),
  /** `http` edges have their requests counted; all others connections and bytes. */
  protocol: z.string(),
});
export type AgentEdge = z.infer<typeof agentEdge>;

/** PUT /faultline/edges: unknown ones are opened, missing ones closed, unchanged ones left alone with their connections. */
export const agentEdges = z.strictObject({ edges: z.array(agentEdge).max(5_000) });
export type AgentEdgesAnswer = { edges: { id: string; listen: string; error?: string }[] };

const ofEveryFault = {
  id: z.string().max(100),
  attributes: faultAttributes,
  rate: z.number().min(0).max(1).default(1),
  leaseMs,
  seed: z.number().int().default(1),
};
/** A toxic or an HTTP fault. */
export const agentEdgeFault = z.strictObject({
  ...ofEveryFault,
  edge: edgeId,
  type: z.enum([...toxicTypes, ...httpFaultTypes] as [ToxicType | HttpFaultType, ...(ToxicType | HttpFaultType)[]]),
  /** Which way the data flows: downstream is callee → caller. */
  stream: z.enum(["upstream", "downstream"]).default("downstream"),
});
/** A fault flag, put into the policy documents of these components for as long as it holds. */
export const agentFlagFault = z.strictObject({
  ...ofEveryFault,
  /** What it was asked for; one of `components`, or the broker that they use. */
  component: componentId,
  components: z.array(componentId).min(1).max(1_000),
  type: z.enum(flagFaultTypes),
});
/** POST /faultline/faults. Answered 200 only when it is in force: a toxic on open and new connections, a flag with its followers. */
export const agentFault = z.union([agentEdgeFault, agentFlagFault]);
export type AgentEdgeFault = z.infer<typeof agentEdgeFault>;
export type AgentFlagFault = z.infer<typeof agentFlagFault>;
export type AgentFault = z.infer<typeof agentFault>;
export const agentFaultUpdate = z.strictObject({ attributes: faultAttributes.optional(), leaseMs: leaseMs.optional() });
export type AgentFaultState = AgentFault & { startedAt: number; expiresAt: number };

/** PUT /faultline/orphans: when no dashboard has been heard for `afterMs`, the agent kills these groups and itself. */
export const agentOrphans = z.strictObject({
  afterMs: z
    .number()
    .int()
    .min(1_000)
    .max(24 * 60 * 60_000),
  /** `startedAt` as the operating system tells it, so that a recycled pid is never hit. */
  processes: z.array(z.strictObject({ pid: z.number().int().min(2), startedAt: z.string() })).max(1_000),
});

/** POST /faultline/reset: a component's own reset, asked from where its address can be reached. */
export const agentReset = z.strictObject({ address: z.string().max(300) });
export type AgentResetAnswer = { status: number; body: string };

/**
 * GET /faultline/stream: [u8 kind][u32 big-endian length][payload], for as long as the connection lives; one reader at a
 * time, a newer one replaces the older.
 * `event`: JSON, AgentEvent. The OTLP kinds: [u8 flags][body exactly as received]; flags bit 0 JSON (else protobuf), bit 1 gzip.
 */
export const frameKinds = { event: 1, traces: 2, metrics: 3, logs: 4 } as const;
export const otlpFlags = { json: 1, gzip: 2 } as const;
export const FRAME_HEADER_BYTES = 5;

/** Counts since the previous stats event, for edges on which something happened or stands open. */
export type EdgeStats = {
  id: string;
  openConnections: number;
  /** Accepted from callers, those that are connectErrors too included. */
  connections: number;
  /** Connections that never reached the upstream: refused, unreachable, reset while dialling. Not counted as requests. */
  connectErrors: number;
  bytesUp: number;
  bytesDown: number;
  /** HTTP edges only: finished requests; among them those with 4xx, with 5xx, and those that ended without an answer. */
  requests: number;
  clientErrors: number;
  serverErrors: number;
  unanswered: number;
  /**
   * Time from the request's first byte to the answer's last, or to the moment when its connection ended without one,
   * µs (see log-linear.ts): who gave up after five seconds has waited five seconds.
   */
  latency: SparseHistogram;
  /** Requests waiting for an answer right now, and the age of the oldest. */
  inFlight: number;
  oldestMs: number;
  /** While HTTP faults hold: what came of the rate that was asked for. */
  httpFaults?: MeasuredRate[];
};
/** Of `met` requests since the fault came into force, `hit` were hit. */
export type MeasuredRate = { id: string; met: number; hit: number };

export type AgentEvent =
  | { type: "hello"; instance: string; at: number; faults: AgentFaultState[] }
  /** Every STATS_INTERVAL_MS. `at` is the end of the interval. */
  | { type: "stats"; at: number; edges: EdgeStats[] }
  | {
      type: "fault";
      at: number;
      id: string;
      state: "active" | "removed";
      cause: "asked" | "expired" | "dead_man";
      fault: AgentFaultState;
    }
  /** Telemetry that was thrown away because nobody read it. */
  | { type: "dropped"; at: number; frames: number; bytes: number };

export const STATS_INTERVAL_MS = 200;
export const agentPorts = { control: 8474, intake: 4318, firstEdge: 20_000 } as const;
