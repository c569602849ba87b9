import type { AttributeValue } from "#contract/traces.ts";
import type { Attributes } from "./span.ts";

/** An OTLP log record. `traceId` and `spanId` are null for those written outside a span. */
export type LogRecord = {
  /** The resource's `service.name`. */
  service: string;
  /** Empty for a plain log line. */
  eventName: string;
  atNanos: bigint;
  severity: number;
  body: AttributeValue | null;
  traceId: string | null;
  spanId: string | null;
  attributes: Attributes;
};
