import {
  BREAKER_EVENT_NAME,
  BREAKER_PEER_ATTRIBUTE,
  type Breaker,
  breaker,
  breakerAttributes,
} from "#contract/breaker.ts";
import type { LogRecord } from "./log-record.ts";
import { nanosToMs } from "./span.ts";

export type BreakerReport = { caller: string; callee: string; breaker: Breaker };

/** What a reporter may leave out. */
const unsaid = {
  reason: "",
  calls: 0,
  failures: 0,
  slow: 0,
  minimumCalls: 0,
  failureRatePercent: 0,
  slowRatePercent: 0,
  slowCallMs: 0,
  windowMs: 0,
  refused: 0,
  permittedProbes: 0,
} satisfies Partial<Breaker>;

/** A log record as a breaker's report; null for every other log record, and for one without a peer or a known state. */
export function toBreakerReport(log: LogRecord): BreakerReport | null {
  if (log.eventName !== BREAKER_EVENT_NAME) return null;
  const callee = log.attributes[BREAKER_PEER_ATTRIBUTE];
  if (typeof callee !== "string" || callee === "") return null;
  const fields: Record<string, unknown> = { ...unsaid, name: callee, since: nanosToMs(log.atNanos) };
  for (const [field, attribute] of Object.entries(breakerAttributes)) {
    const value = log.attributes[attribute];
    if (value !== undefined) fields[field] = value;
  }
  if (typeof fields.state === "string") fields.state = fields.state.toLowerCase().replace("-", "_");
  const parsed = breaker.safeParse(fields);
  return parsed.success ? { caller: log.service, callee, breaker: parsed.data } : null;
}
