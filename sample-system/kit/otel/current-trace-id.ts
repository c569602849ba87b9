import { trace } from "@opentelemetry/api";

/** The trace that is being worked for (32 hex digits), kept beside a row so that its story can be looked up. */
export function currentTraceId(): string | null {
  return trace.getActiveSpan()?.spanContext().traceId ?? null;
}
