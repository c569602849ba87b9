import type { GaugePoint } from "../telemetry/gauge-point.ts";
import type { LogRecord } from "../telemetry/log-record.ts";
import type { StoredSpan } from "../telemetry/span.ts";

export const signals = ["traces", "metrics", "logs"] as const;
export type Signal = (typeof signals)[number];

/** What was in one OTLP body. What was bad is counted and left out; the rest is kept. */
export type Decoded = {
  signal: Signal;
  spans: StoredSpan[];
  logs: LogRecord[];
  /** Metrics seen; of their points only those of gauges are kept yet. */
  metrics: number;
  /** At most MOST_GAUGE_POINTS. */
  gauges: GaugePoint[];
  rejected: number;
  /** Why the first one was rejected; empty when none was. */
  reason: string;
};

export const MOST_GAUGE_POINTS = 10_000;

export function createDecoded(signal: Signal): Decoded {
  return { signal, spans: [], logs: [], metrics: 0, gauges: [], rejected: 0, reason: "" };
}

export function reject(into: Decoded, reason: string): void {
  into.rejected++;
  if (into.reason === "") into.reason = reason;
}
