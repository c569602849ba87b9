import type { GaugePoint } from "../telemetry/gauge-point.ts";
import { spanLimits } from "../telemetry/span.ts";
import type { Decoded } from "./decoded.ts";
import { keepGauge } from "./keep-gauge.ts";
import { readAttribute } from "./protobuf-attributes.ts";
import { readResourceBatches } from "./protobuf-resource.ts";
import type { WireReader } from "./wire-reader.ts";

/** ExportMetricsServiceRequest, opentelemetry/proto/metrics/v1/metrics.proto: gauges are read, everything else is counted. */
export function readMetrics(reader: WireReader, into: Decoded): void {
  readResourceBatches(reader, into, (service) => {
    into.metrics++;
    let name = "";
    const points: GaugePoint[] = [];
    for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
      if (tag === 0x0a) name = reader.text(spanLimits.valueBytes);
      else if (tag === 0x2a) readGauge(reader, service, points);
      else reader.skip(tag);
    }
    // The name may stand behind its points.
    for (const point of points) keepGauge(into, { ...point, name });
  });
}

function readGauge(reader: WireReader, service: string, points: GaugePoint[]): void {
  const outer = reader.enter();
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) readPoint(reader, service, points);
    else reader.skip(tag);
  }
  reader.leave(outer);
}

/** NumberDataPoint. One without a value is flagged as having none recorded. */
function readPoint(reader: WireReader, service: string, points: GaugePoint[]): void {
  const outer = reader.enter();
  const point: GaugePoint = { service, name: "", value: 0, atNanos: 0n, attributes: {} };
  let hasValue = false;
  let attributeCount = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x19) point.atNanos = reader.fixed64();
    else if (tag === 0x21 || tag === 0x31) {
      point.value = tag === 0x21 ? reader.double() : Number(BigInt.asIntN(64, reader.fixed64()));
      hasValue = true;
    } else if (tag === 0x3a) attributeCount = readAttribute(reader, point.attributes, attributeCount);
    else reader.skip(tag);
  }
  reader.leave(outer);
  if (hasValue) points.push(point);
}
