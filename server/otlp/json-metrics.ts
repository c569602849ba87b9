import type { Decoded } from "./decoded.ts";
import { items } from "./json-signals.ts";
import { type JsonObject, toArray, toAttributes, toBigint, toObject, toText } from "./json-values.ts";
import { keepGauge } from "./keep-gauge.ts";

/** ExportMetricsServiceRequest as JSON: gauges are read, everything else is counted. */
export function fromMetricsJson(body: JsonObject, into: Decoded): void {
  for (const { service, item } of items(body, "resourceMetrics", "scopeMetrics", "metrics")) {
    into.metrics++;
    const metric = toObject(item);
    const name = toText(metric.name);
    for (const point of toArray(toObject(metric.gauge).dataPoints).map(toObject)) {
      const value = toNumber(point);
      // Flagged as having no value recorded.
      if (value === null) continue;
      const attributes = toAttributes(point.attributes);
      keepGauge(into, { service, name, value, atNanos: toBigint(point.timeUnixNano) ?? 0n, attributes });
    }
  }
}

function toNumber({ asInt, asDouble }: JsonObject): number | null {
  if (asInt !== undefined) return Number(toBigint(asInt) ?? Number.NaN);
  return typeof asDouble === "number" || typeof asDouble === "string" ? Number(asDouble) : null;
}
