import { isSpanContextValid, type TextMapPropagator, trace } from "@opentelemetry/api";

const HEADER = "traceparent";
const PATTERN = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** W3C Trace Context: one header that says which span a request or a message belongs to. */
export const traceContext: TextMapPropagator = {
  inject(context, carrier, setter) {
    const span = trace.getSpanContext(context);
    if (!span || !isSpanContextValid(span)) return;
    setter.set(carrier, HEADER, `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, "0")}`);
  },
  extract(context, carrier, getter) {
    const header = getter.get(carrier, HEADER);
    const [, traceId, spanId, flags] = PATTERN.exec(String(header)) ?? [];
    if (!traceId || !spanId || !flags) return context;
    const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
    return isSpanContextValid(spanContext) ? trace.setSpanContext(context, spanContext) : context;
  },
  fields: () => [HEADER],
};
