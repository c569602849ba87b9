import { spanKinds } from "#contract/traces.ts";
import { type SpanEvent, type StoredSpan, spanLimits } from "../telemetry/span.ts";
import type { Decoded } from "./decoded.ts";
import { keepSpan } from "./keep-span.ts";
import { readAttribute } from "./protobuf-attributes.ts";
import { readResourceBatches } from "./protobuf-resource.ts";
import type { WireReader } from "./wire-reader.ts";

const statuses = ["unset", "ok", "error"] as const;

/** ExportTraceServiceRequest, opentelemetry/proto/trace/v1/trace.proto. */
export function readTraces(reader: WireReader, into: Decoded): void {
  readResourceBatches(reader, into, (service) => keepSpan(into, readSpan(reader, service)));
}

function readSpan(reader: WireReader, service: string): StoredSpan {
  const span: StoredSpan = {
    traceId: "",
    spanId: "",
    parentSpanId: null,
    service,
    name: "",
    kind: "unspecified",
    status: "unset",
    statusMessage: "",
    startNanos: 0n,
    endNanos: 0n,
    attributes: {},
    events: [],
  };
  let attributeCount = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) span.traceId = reader.hex(16);
    else if (tag === 0x12) span.spanId = reader.hex(8);
    else if (tag === 0x22) span.parentSpanId = reader.hex(8);
    else if (tag === 0x2a) span.name = reader.text(spanLimits.valueBytes);
    else if (tag === 0x30) span.kind = spanKinds[reader.varint()] ?? "unspecified";
    else if (tag === 0x39) span.startNanos = reader.fixed64();
    else if (tag === 0x41) span.endNanos = reader.fixed64();
    else if (tag === 0x4a) attributeCount = readAttribute(reader, span.attributes, attributeCount);
    else if (tag === 0x5a && span.events.length < spanLimits.events) span.events.push(readEvent(reader));
    else if (tag === 0x7a) readStatus(reader, span);
    else reader.skip(tag);
  }
  return span;
}

function readEvent(reader: WireReader): SpanEvent {
  const outer = reader.enter();
  const event: SpanEvent = { name: "", atNanos: 0n, attributes: {} };
  let attributeCount = 0;
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x09) event.atNanos = reader.fixed64();
    else if (tag === 0x12) event.name = reader.text(spanLimits.valueBytes);
    else if (tag === 0x1a) attributeCount = readAttribute(reader, event.attributes, attributeCount);
    else reader.skip(tag);
  }
  reader.leave(outer);
  return event;
}

function readStatus(reader: WireReader, span: StoredSpan): void {
  const outer = reader.enter();
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x12) span.statusMessage = reader.text(spanLimits.valueBytes);
    else if (tag === 0x18) span.status = statuses[reader.varint()] ?? "unset";
    else reader.skip(tag);
  }
  reader.leave(outer);
}
