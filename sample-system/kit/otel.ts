/*
 * Loaded before a service: node --import ./sample-system/kit/otel.ts <service>/main.ts
 * Sends traces and logs to OTEL_EXPORTER_OTLP_ENDPOINT; without it, nothing is loaded and nothing is sent.
 */
const endpoint = process.env.OTEL_EXPORTER_OTLP_ENDPOINT;

if (endpoint) {
  const { startTelemetry } = await import("./otel/sdk.ts");
  startTelemetry({ endpoint, service: process.env.OTEL_SERVICE_NAME ?? "corner-shop" });
}

export {};
