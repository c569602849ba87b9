import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";

/*
 * Telemetry as OpenTelemetry's own SDK hands it to its own serializers: the oracle of the decoder's tests.
 */
type SdkSpan = Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0][number];
type SdkMetrics = Parameters<typeof ProtobufMetricsSerializer.serializeRequest>[0];
type SdkMetric = SdkMetrics["scopeMetrics"][number]["metrics"][number];
type SdkLog = Parameters<typeof ProtobufLogsSerializer.serializeRequest>[0][number];

export type SdkSpanParts = {
  service?: string;
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  name?: string;
  /** The SDK's own numbering: 0 internal, 1 server, 2 client, 3 producer, 4 consumer. */
  kind?: number;
  start?: [seconds: number, nanos: number];
  end?: [seconds: number, nanos: number];
  status?: { code: number; message?: string };
  attributes?: Record<string, unknown>;
  events?: { name: string; time: [number, number]; attributes?: Record<string, unknown> }[];
};

export function sdkSpan(parts: SdkSpanParts = {}): SdkSpan {
  const traceId = parts.traceId ?? "0af7651916cd43dd8448eb211c80319c";
  return {
    name: parts.name ?? "GET /home",
    kind: parts.kind ?? 1,
    spanContext: () => ({ traceId, spanId: parts.spanId ?? "b7ad6b7169203331", traceFlags: 1 }),
    ...(parts.parentSpanId && { parentSpanContext: { traceId, spanId: parts.parentSpanId, traceFlags: 1 } }),
    startTime: parts.start ?? [1_760_000_000, 123_456_789],
    endTime: parts.end ?? [1_760_000_000, 623_456_789],
    status: parts.status ?? { code: 0 },
    attributes: parts.attributes ?? {},
    links: [],
    events: parts.events ?? [],
    duration: [0, 500_000_000],
    ended: true,
    resource: sdkResource(parts.service ?? "gateway"),
    instrumentationScope: { name: "test", version: "1" },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  } as unknown as SdkSpan;
}

export function sdkLog(service: string, eventName: string, attributes: Record<string, unknown>): SdkLog {
  return {
    hrTime: [1_760_000_000, 5],
    hrTimeObserved: [1_760_000_001, 0],
    severityNumber: 9,
    body: "opened",
    eventName,
    attributes,
    resource: sdkResource(service),
    instrumentationScope: { name: "test", version: "1" },
    droppedAttributesCount: 0,
  } as unknown as SdkLog;
}

const time = { startTime: [1_760_000_000, 0], endTime: [1_760_000_000, 5] };

export function sdkGauge(name: string, points: { value: number; attributes: Record<string, unknown> }[]): SdkMetric {
  const descriptor = { name, description: "", unit: "", valueType: 1, type: "GAUGE" };
  const dataPoints = points.map((point) => ({ ...time, ...point }));
  // 2 is the SDK's DataPointType.GAUGE, 3 its SUM.
  return { descriptor, dataPointType: 2, aggregationTemporality: 1, dataPoints } as unknown as SdkMetric;
}

export function sdkCounter(name: string, value: number): SdkMetric {
  const descriptor = { name, description: "", unit: "", valueType: 0, type: "COUNTER" };
  const dataPoints = [{ ...time, value, attributes: {} }];
  const sum = { dataPointType: 3, isMonotonic: true, aggregationTemporality: 1 };
  return { descriptor, ...sum, dataPoints } as unknown as SdkMetric;
}

export function encodeMetrics(service: string, metrics: SdkMetric[], json: boolean): Uint8Array {
  const all = { resource: sdkResource(service), scopeMetrics: [{ scope: { name: "test", version: "1" }, metrics }] };
  const serializer = json ? JsonMetricsSerializer : ProtobufMetricsSerializer;
  return orThrow(serializer.serializeRequest(all as unknown as SdkMetrics));
}

function sdkResource(service: string) {
  const attributes = { "service.name": service, "telemetry.sdk.language": "nodejs" };
  return { attributes, asyncAttributesPending: false, getRawAttributes: () => Object.entries(attributes) };
}

export function encodeSpans(spans: SdkSpan[], json: boolean): Uint8Array {
  return orThrow((json ? JsonTraceSerializer : ProtobufTraceSerializer).serializeRequest(spans));
}

export function encodeLogs(logs: SdkLog[], json: boolean): Uint8Array {
  return orThrow((json ? JsonLogsSerializer : ProtobufLogsSerializer).serializeRequest(logs));
}

function orThrow(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new Error("the serializer gave nothing");
  return bytes;
}
