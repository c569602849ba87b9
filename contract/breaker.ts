import { z } from "zod";

export const breakerStates = ["closed", "open", "half_open", "forced_open", "forced_closed", "disabled"] as const;
/** The libraries whose rules a breaker can follow. */
export const breakerRules = ["resilience4j", "hystrix", "polly", "opossum"] as const;
export type BreakerState = (typeof breakerStates)[number];

/**
 * A circuit breaker as its owner reports it, drawn as a switch in its edge.
 * It reaches us as an OTLP log record with event name `circuitbreaker` and the attributes in `breakerAttributes`.
 */
export const breaker = z.object({
  name: z.string(),
  state: z.enum(breakerStates),
  /** When the state was entered, epoch ms. */
  since: z.number(),
  /** Why, in words with numbers: "14 of 20 failed, threshold 50 %". */
  reason: z.string(),
  /** Completed calls in the window. */
  calls: z.number(),
  failures: z.number(),
  slow: z.number(),
  minimumCalls: z.number(),
  failureRatePercent: z.number(),
  slowRatePercent: z.number(),
  slowCallMs: z.number(),
  windowMs: z.number(),
  /** Calls refused since the process started. */
  refused: z.number(),
  /** When an open breaker goes half-open, epoch ms. */
  openUntil: z.number().optional(),
  /** In half_open: probes completed, and how many are permitted. */
  probes: z.number().optional(),
  permittedProbes: z.number(),
});
export type Breaker = z.infer<typeof breaker>;

/** OTLP attribute key of each field; `circuitbreaker.name` and `.state` are OpenTelemetry's proposal, the rest follow it. */
export const breakerAttributes = {
  name: "circuitbreaker.name",
  state: "circuitbreaker.state",
  since: "circuitbreaker.since",
  reason: "circuitbreaker.reason",
  calls: "circuitbreaker.calls",
  failures: "circuitbreaker.failures",
  slow: "circuitbreaker.slow",
  minimumCalls: "circuitbreaker.minimum_calls",
  failureRatePercent: "circuitbreaker.failure_rate_percent",
  slowRatePercent: "circuitbreaker.slow_rate_percent",
  slowCallMs: "circuitbreaker.slow_call_ms",
  windowMs: "circuitbreaker.window_ms",
  refused: "circuitbreaker.refused",
  openUntil: "circuitbreaker.open_until",
  probes: "circuitbreaker.probes",
  permittedProbes: "circuitbreaker.permitted_probes",
} as const satisfies Record<keyof Breaker, string>;

/** The edge it guards: the reporting service is the caller, this attribute names the callee. */
export const BREAKER_PEER_ATTRIBUTE = "service.peer.name";
export const BREAKER_EVENT_NAME = "circuitbreaker";
