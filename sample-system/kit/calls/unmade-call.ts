import { type Attributes, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { CallError } from "./call-error.ts";

/**
 * Leaves a span `call <callee>` in the trace for a call that a policy prevented or cut off: a refusal has no client span,
 * and a timed-out one would not say by whom. `begun` is performance.now() at the start of the call.
 */
export function recordUnmadeCall(error: CallError, begun: number, attributes: Attributes) {
  trace
    .getTracer("corner-shop.calls")
    .startSpan(`call ${error.callee}`, {
      kind: SpanKind.INTERNAL,
      startTime: performance.timeOrigin + begun,
      attributes: { "peer.service": error.callee, "error.type": error.failure, ...attributes },
    })
    .setStatus({ code: SpanStatusCode.ERROR, message: error.message })
    .end();
}
