import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";

const EVERY_MS = 2_000;

/** The gauge `invariant.violations`, one point an invariant; sent to OTEL_EXPORTER_OTLP_ENDPOINT, and to nobody without it. */
export function createViolationGauge(endpoint = process.env.OTEL_EXPORTER_OTLP_ENDPOINT) {
  const counts = new Map<string, number>();
  const exporter = endpoint && new OTLPMetricExporter({ url: `${endpoint.replace(/\/$/, "")}/v1/metrics` });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ "service.name": process.env.OTEL_SERVICE_NAME ?? "auditor" }),
    readers: exporter
      ? [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: EVERY_MS, exportTimeoutMillis: EVERY_MS })]
      : [],
  });
  provider
    .getMeter("corner-shop.auditor")
    .createObservableGauge("invariant.violations", {
      description: "What violates an invariant right now",
      unit: "{violation}",
    })
    .addCallback((result) => {
      for (const [name, count] of counts) result.observe(count, { "invariant.name": name });
    });
  return {
    set: (name: string, count: number) => void counts.set(name, count),
    close: () => provider.shutdown().catch(() => {}),
  };
}
