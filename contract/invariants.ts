import { z } from "zod";

/** `waiting`: violated, and for less time than the rule allows. */
export const invariantStates = ["holds", "waiting", "broken"] as const;

/** How many offenders travel with an invariant; `violations` counts them all. */
export const OFFENDER_LIMIT = 10;

/**
 * A business rule that must hold whatever breaks, as the system reports it about itself: an OTLP log record with event name
 * `invariant` and the attributes below, whenever it changes and every few seconds; and a gauge `invariant.violations` with the
 * attribute `invariant.name`.
 */
export const invariant = z.object({
  name: z.string(),
  /** The rule in one sentence: "no order is charged twice". */
  title: z.string(),
  state: z.enum(invariantStates),
  violations: z.number(),
  /** When this state began, epoch ms. */
  since: z.number(),
  /** What is wrong, with numbers; empty when it holds. */
  reason: z.string(),
  /** The first of what violates it, with a trace that shows it where one is known. */
  offenders: z.array(z.object({ id: z.string(), traceId: z.string().optional() })),
});
export type Invariant = z.infer<typeof invariant>;

export const INVARIANT_EVENT_NAME = "invariant";
export const INVARIANT_GAUGE = "invariant.violations";
/** OTLP attribute keys. `offenders` and `traces` are string arrays of equal length; an unknown trace is an empty string. */
export const invariantAttributes = {
  name: "invariant.name",
  title: "invariant.title",
  state: "invariant.state",
  violations: "invariant.violations",
  since: "invariant.since",
  reason: "invariant.reason",
  offenders: "invariant.offenders",
  traces: "invariant.traces",
} as const;
