import { context, propagation, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { createAsyncContext } from "../otel/async-context.ts";
import { traceContext } from "../otel/trace-context.ts";

/** Keeps the spans that a test makes; `end` gives the global tracer back. */
export function recordSpans(): { spans(): ReadableSpan[]; end(): void } {
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(createAsyncContext());
  propagation.setGlobalPropagator(traceContext);
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  return {
    spans: () => exporter.getFinishedSpans(),
    end() {
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
