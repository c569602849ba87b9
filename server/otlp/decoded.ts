import type { LogRecord } from "../telemetry/log-record.ts";
import type { StoredSpan } from "../telemetry/span.ts";

export const signals = ["traces", "metrics", "logs"] as const;
export type Signal = (typeof signals)[number];

/** What was in one OTLP body. What was bad is counted and left out; the rest is kept. */
export type Decoded = {
  signal: Signal;
  spans: StoredSpan[];
  logs: LogRecord[];
  /** Metrics seen; their points are not kept yet. */
  metrics: number;
  rejected: number;
  /** Why the first one was rejected; empty when none was. */
  reason: string;
};

export function createDecoded(signal: Signal): Decoded {
  return { signal, spans: [], logs: [], metrics: 0, rejected: 0, reason: "" };
}

export function reject(into: Decoded, reason: string): void {
  into.rejected++;
  if (into.reason === "") into.reason = reason;
}
