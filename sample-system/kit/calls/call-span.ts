import { type Attributes, context, type Span, type SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { toReason } from "../log.ts";
import { CallError } from "./call-error.ts";

/** Does `work` within a span that is the caller's side of one call, and ends with it. */
export async function withCallSpan<T>(
  name: string,
  { kind, attributes }: { kind: SpanKind; attributes: Attributes },
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = trace.getTracer("corner-shop.calls").startSpan(name, { kind, attributes });
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span));
  } catch (error) {
    const type = error instanceof CallError ? error.failure : error instanceof Error ? error.name : "error";
    span.setAttribute("error.type", type).setStatus({ code: SpanStatusCode.ERROR, message: toReason(error) });
    throw error;
  } finally {
    span.end();
  }
}
