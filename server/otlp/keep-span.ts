import type { StoredSpan } from "../telemetry/span.ts";
import { type Decoded, reject } from "./decoded.ts";

const NO_TRACE = "0".repeat(32);
const NO_SPAN = "0".repeat(16);

/** The service of telemetry whose resource names none, as the semantic conventions have it. */
export const UNKNOWN_SERVICE = "unknown_service";

/** Keeps a span that can be placed in a trace and in time, and rejects any other with the reason. Ids: hex, or empty. */
export function keepSpan(into: Decoded, span: StoredSpan): void {
  if (span.traceId === "" || span.traceId === NO_TRACE) {
    reject(into, `span "${span.name}": trace id is not 16 bytes, or all zero`);
  } else if (span.spanId === "" || span.spanId === NO_SPAN) {
    reject(into, `span "${span.name}": span id is not 8 bytes, or all zero`);
  } else if (span.startNanos <= 0n) {
    reject(into, `span "${span.name}": no start time`);
  } else {
    if (span.endNanos < span.startNanos) span.endNanos = span.startNanos;
    if (span.parentSpanId === "" || span.parentSpanId === NO_SPAN) span.parentSpanId = null;
    into.spans.push(span);
  }
}
