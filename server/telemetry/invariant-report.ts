import {
  INVARIANT_EVENT_NAME,
  type Invariant,
  invariant,
  invariantAttributes as keys,
  OFFENDER_LIMIT,
} from "#contract/invariants.ts";
import type { AttributeValue } from "#contract/traces.ts";
import type { LogRecord } from "./log-record.ts";
import { nanosToMs } from "./span.ts";

/** `at`: when it was said, epoch ms. */
export type InvariantReport = { at: number; invariant: Invariant };

/** A log record as a report of a business rule; null for every other log record, and for one without a name or a known state. */
export function toInvariantReport({ eventName, atNanos, attributes }: LogRecord): InvariantReport | null {
  if (eventName !== INVARIANT_EVENT_NAME) return null;
  const at = nanosToMs(atNanos);
  const traces = toTexts(attributes[keys.traces]);
  const offenders = toTexts(attributes[keys.offenders])
    .slice(0, OFFENDER_LIMIT)
    .map((id, index) => (traces[index] ? { id, traceId: traces[index] } : { id }));
  const state = attributes[keys.state];
  const parsed = invariant.safeParse({
    name: attributes[keys.name],
    title: attributes[keys.title] ?? attributes[keys.name],
    state: typeof state === "string" ? state.toLowerCase() : state,
    violations: attributes[keys.violations] ?? offenders.length,
    since: attributes[keys.since] ?? at,
    reason: attributes[keys.reason] ?? "",
    offenders,
  });
  return parsed.success ? { at, invariant: parsed.data } : null;
}

function toTexts(value: AttributeValue | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
