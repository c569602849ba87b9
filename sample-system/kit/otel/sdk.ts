import { createRequire, syncBuiltinESMExports } from "node:module";
import { context, logs, propagation, type Span, trace } from "@opentelemetry/api";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { BatchSpanProcessor, type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import type { TracedRequestOptions } from "../calls/http-call.ts";
import { isUpkeepRoute } from "../upkeep-routes.ts";
import { createAsyncContext } from "./async-context.ts";
import { toFaultAttributes } from "./fault-mark.ts";
import { onFlush } from "./flush.ts";
import { peerAt } from "./peers.ts";
import { traceContext } from "./trace-context.ts";

/*
 * The lean SDK: no loader hook, no detectors, no metrics.
 *
 *   node:http, pg ─ instrumentation ─▶ spans ─ batches of 200 ms, at most 4,096 waiting ─▶ OTLP/HTTP ─▶ endpoint
 *   breaker reports ─────────────────▶ logs  ─ batches of 100 ms ──────────────────────▶
 */
const SPAN_DELAY_MS = 200;
const LOG_DELAY_MS = 100;
const limits = { maxQueueSize: 4_096, maxExportBatchSize: 512, exportTimeoutMillis: 5_000 };

export function startTelemetry({ endpoint, service }: { endpoint: string; service: string }) {
  const base = endpoint.replace(/\/$/, "");
  const resource = resourceFromAttributes({
    "service.name": service,
    "service.namespace": "corner-shop",
    "service.instance.id": `${service}-${process.pid}-${Date.now().toString(36)}`,
  });

  const spans = new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url: `${base}/v1/traces`, timeoutMillis: 5_000 }),
    scheduledDelayMillis: SPAN_DELAY_MS,
    ...limits,
  });
  const records = new BatchLogRecordProcessor({
    exporter: new OTLPLogExporter({ url: `${base}/v1/logs`, timeoutMillis: 5_000 }),
    scheduledDelayMillis: LOG_DELAY_MS,
    ...limits,
  });
  context.setGlobalContextManager(createAsyncContext());
  propagation.setGlobalPropagator(traceContext);
  trace.setGlobalTracerProvider(new TracerProvider({ resource, spanProcessors: [spans] }));
  logs.setGlobalLoggerProvider(new LoggerProvider({ resource, processors: [records] }));
  onFlush(async () => {
    await Promise.all([spans.forceFlush(), records.forceFlush()]);
  });

  instrument(untracedAddresses(base, process.env.POLICY_URL));
}

function isUpkeep(path: string | null | undefined): boolean {
  return isUpkeepRoute(path?.split("?")[0]);
}

/** The connections on which this service is steered and observed are not part of what it does. */
function untracedAddresses(...urls: (string | undefined)[]): Set<string> {
  return new Set(urls.filter((url) => url !== undefined).map((url) => new URL(url).host));
}

function instrument(untraced: Set<string>) {
  registerInstrumentations({
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url }) => isUpkeep(url),
        ignoreOutgoingRequestHook: ({ path, hostname, host, port }) =>
          isUpkeep(path) || untraced.has(`${hostname ?? host}:${port}`),
        startOutgoingSpanHook: (request: TracedRequestOptions) => ({
          "peer.service": peerAt(request.hostname, request.port),
          "url.template": request.urlTemplate,
          "retry.attempt": request.retryAttempt,
        }),
        requestHook(span, request) {
          nameByTemplate(span);
          if ("headers" in request) span.setAttributes(toFaultAttributes(request.headers));
        },
        responseHook(span, response) {
          if ("headers" in response) span.setAttributes(toFaultAttributes(response.headers));
        },
      }),
      new PgInstrumentation({
        requireParentSpan: true,
        ignoreConnectSpans: true,
        requestHook: (span, { connection }) => {
          span.setAttribute("peer.service", peerAt(connection.host, connection.port) ?? "postgres");
        },
      }),
    ],
  });
  // The instrumentations wrap what is *required*; this makes them wrap the built-in modules and their ESM bindings, and pg.
  const require = createRequire(import.meta.url);
  require("node:http");
  require("node:https");
  syncBuiltinESMExports();
  if (process.env.DATABASE_URL) require("pg");
}

/** Semantic conventions: "{method} {url.template}" for a client span; the instrumentation knows the method only. */
function nameByTemplate(span: Span) {
  const attributes = (span as Span & Partial<ReadableSpan>).attributes ?? {};
  const template = attributes["url.template"];
  if (template) span.updateName(`${attributes["http.request.method"]} ${template}`);
}
