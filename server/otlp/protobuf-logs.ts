import type { LogRecord } from "../telemetry/log-record.ts";
import { spanLimits } from "../telemetry/span.ts";
import type { Decoded } from "./decoded.ts";
import { keepLog } from "./keep-log.ts";
import { readAnyValue, readAttribute } from "./protobuf-attributes.ts";
import { readResourceBatches } from "./protobuf-resource.ts";
import type { WireReader } from "./wire-reader.ts";

/** ExportLogsServiceRequest, opentelemetry/proto/logs/v1/logs.proto. */
export function readLogs(reader: WireReader, into: Decoded): void {
  readResourceBatches(reader, into, (service) => readLog(reader, service, into));
}

function readLog(reader: WireReader, service: string, into: Decoded): void {
  const log: LogRecord = {
    service,
    eventName: "",
    atNanos: 0n,
    severity: 0,
    body: null,
    traceId: null,
    spanId: null,
    attributes: {},
  };
  let observedNanos = 0n;
  let attributeCount = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x09) log.atNanos = reader.fixed64();
    else if (tag === 0x10) log.severity = reader.varint();
    else if (tag === 0x2a) log.body = readAnyValue(reader);
    else if (tag === 0x32) attributeCount = readAttribute(reader, log.attributes, attributeCount);
    else if (tag === 0x4a) log.traceId = reader.hex(16);
    else if (tag === 0x52) log.spanId = reader.hex(8);
    else if (tag === 0x59) observedNanos = reader.fixed64();
    else if (tag === 0x62) log.eventName = reader.text(spanLimits.valueBytes);
    else reader.skip(tag);
  }
  keepLog(into, log, observedNanos);
}
