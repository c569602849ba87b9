import { spanKinds } from "#contract/traces.ts";
import type { LogRecord } from "../telemetry/log-record.ts";
import { type SpanEvent, type StoredSpan, spanLimits } from "../telemetry/span.ts";
import { type Decoded, reject } from "./decoded.ts";
import {
  type JsonObject,
  toAnyValue,
  toArray,
  toAttributes,
  toBigint,
  toEnum,
  toHex,
  toObject,
  toText,
} from "./json-values.ts";
import { keepLog } from "./keep-log.ts";
import { keepSpan, UNKNOWN_SERVICE } from "./keep-span.ts";

const statuses = ["unset", "ok", "error"] as const;

export function fromTracesJson(body: JsonObject, into: Decoded): void {
  for (const { service, item } of items(body, "resourceSpans", "scopeSpans", "spans")) {
    if (typeof item === "object" && item !== null) keepSpan(into, toStoredSpan(toObject(item), service));
    else reject(into, `a span of ${service} is not an object`);
  }
}

export function fromLogsJson(body: JsonObject, into: Decoded): void {
  for (const { service, item } of items(body, "resourceLogs", "scopeLogs", "logRecords")) {
    if (typeof item !== "object" || item === null) {
      reject(into, `a log record of ${service} is not an object`);
      continue;
    }
    const log = toObject(item);
    keepLog(into, toLogRecord(log, service), toBigint(log.observedTimeUnixNano) ?? 0n);
  }
}

/** The leaves of a request, each with the service whose resource it stands under. */
export function* items(body: JsonObject, resources: string, scopes: string, leaves: string) {
  for (const resourceBatch of toArray(body[resources]).map(toObject)) {
    const name = toAttributes(toObject(resourceBatch.resource).attributes)["service.name"];
    const service = typeof name === "string" && name !== "" ? name : UNKNOWN_SERVICE;
    for (const scope of toArray(resourceBatch[scopes]).map(toObject)) {
      for (const item of toArray(scope[leaves])) yield { service, item };
    }
  }
}

function toStoredSpan(span: JsonObject, service: string): StoredSpan {
  const status = toObject(span.status);
  return {
    traceId: toHex(span.traceId, 32),
    spanId: toHex(span.spanId, 16),
    parentSpanId: toHex(span.parentSpanId, 16),
    service,
    name: toText(span.name),
    kind: toEnum(span.kind, spanKinds, "SPAN_KIND_"),
    status: toEnum(status.code, statuses, "STATUS_CODE_"),
    statusMessage: toText(status.message),
    startNanos: toBigint(span.startTimeUnixNano) ?? 0n,
    endNanos: toBigint(span.endTimeUnixNano) ?? 0n,
    attributes: toAttributes(span.attributes),
    events: toArray(span.events).slice(0, spanLimits.events).map(toEvent),
  };
}

function toEvent(value: unknown): SpanEvent {
  const event = toObject(value);
  return {
    name: toText(event.name),
    atNanos: toBigint(event.timeUnixNano) ?? 0n,
    attributes: toAttributes(event.attributes),
  };
}

function toLogRecord(log: JsonObject, service: string): LogRecord {
  return {
    service,
    eventName: toText(log.eventName),
    atNanos: toBigint(log.timeUnixNano) ?? 0n,
    severity: Number(log.severityNumber) || 0,
    body: toAnyValue(log.body),
    traceId: toHex(log.traceId, 32),
    spanId: toHex(log.spanId, 16),
    attributes: toAttributes(log.attributes),
  };
}
