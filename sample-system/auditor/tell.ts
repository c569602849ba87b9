import { type Attributes, logs, SeverityNumber } from "@opentelemetry/api";
import type { Verdict } from "./judge.ts";

/** Offenders named in one record; `violations` counts them all. */
const NAMED = 10;
const ANYWAY_EVERY_MS = 2_000;

/** Tells verdicts as OTLP log records with event name `invariant`: at each change, and every two seconds in any case. */
export function createTeller() {
  const logger = logs.getLogger("corner-shop.auditor");
  const told = new Map<string, { text: string; at: number }>();

  return (verdict: Verdict, nowMs: number) => {
    const attributes = toAttributes(verdict);
    const text = JSON.stringify(attributes);
    const last = told.get(verdict.name);
    if (last?.text === text && nowMs - last.at < ANYWAY_EVERY_MS) return;
    told.set(verdict.name, { text, at: nowMs });
    logger.emit({
      eventName: "invariant",
      severityNumber: verdict.state === "broken" ? SeverityNumber.ERROR : SeverityNumber.INFO,
      body: verdict.state === "holds" ? `${verdict.title}: holds` : `${verdict.title}: ${verdict.reason}`,
      attributes,
    });
  };
}

export function toAttributes({ name, title, state, since, reason, violations }: Verdict): Attributes {
  const named = violations.slice(0, NAMED);
  return {
    "event.name": "invariant",
    "invariant.name": name,
    "invariant.title": title,
    "invariant.state": state,
    "invariant.since": since,
    "invariant.reason": reason,
    "invariant.violations": violations.length,
    "invariant.offenders": named.map(({ id }) => id),
    "invariant.traces": named.map(({ traceId }) => traceId ?? ""),
  };
}
