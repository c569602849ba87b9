import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { StoredSpan } from "../telemetry/span.ts";
import { decodeOtlp, MAX_DECODED_BYTES } from "./decode-otlp.ts";
import {
  encodeLogs,
  encodeMetrics,
  encodeSpans,
  sdkCounter,
  sdkGauge,
  sdkLog,
  sdkSpan,
} from "./sdk-telemetry.fixture.ts";

const traces = (bytes: Uint8Array, json: boolean, gzip = false) => decodeOtlp({ signal: "traces", json, gzip, bytes });
const fromJson = (body: unknown) => traces(Buffer.from(JSON.stringify(body)), true);
const spanJson = { traceId: "0AF7651916CD43DD8448EB211C80319C", spanId: "B7AD6B7169203331", startTimeUnixNano: "5" };
const request = (...spans: unknown[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
const firstOf = (spans: StoredSpan[]) => {
  const [span] = spans;
  if (span === undefined) throw new Error("no span was decoded");
  return span;
};

const attributes = {
  text: "Grüße, 世界 🌍",
  empty: "",
  yes: true,
  int: 42,
  negative: -7,
  big: Number.MAX_SAFE_INTEGER,
  double: 0.25,
  list: ["a", "b"],
  numbers: [1, 2.5],
  "http.response.status_code": 503,
};

describe.each([
  ["protobuf", false, false],
  ["protobuf, gzip", false, true],
  ["JSON", true, false],
  ["JSON, gzip", true, true],
])("decodeOtlp, %s", (_name, json, gzip) => {
  const pack = (bytes: Uint8Array) => (gzip ? gzipSync(bytes) : bytes);

  test("reads every field of what OpenTelemetry's SDK writes", () => {
    const bytes = encodeSpans(
      [
        sdkSpan({
          parentSpanId: "00f067aa0ba902b7",
          kind: 2,
          status: { code: 2, message: "boom" },
          attributes,
          events: [{ name: "exception", time: [1_760_000_000, 200], attributes: { "exception.type": "Error" } }],
        }),
      ],
      json,
    );
    const { spans, rejected, reason } = traces(pack(bytes), json, gzip);
    expect({ rejected, reason }).toEqual({ rejected: 0, reason: "" });
    expect(spans).toEqual([
      {
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: "b7ad6b7169203331",
        parentSpanId: "00f067aa0ba902b7",
        service: "gateway",
        name: "GET /home",
        kind: "client",
        status: "error",
        statusMessage: "boom",
        startNanos: 1_760_000_000_123_456_789n,
        endNanos: 1_760_000_000_623_456_789n,
        attributes,
        events: [{ name: "exception", atNanos: 1_760_000_000_000_000_200n, attributes: { "exception.type": "Error" } }],
      },
    ]);
  });

  test("keeps each span with the service of its own resource", () => {
    const bytes = encodeSpans(
      ["gateway", "catalog", "gateway"].map((service, index) =>
        sdkSpan({ service, spanId: `000000000000000${index + 1}` }),
      ),
      json,
    );
    const services = traces(pack(bytes), json, gzip).spans.map((span) => `${span.spanId.at(-1)} ${span.service}`);
    expect(services.sort()).toEqual(["1 gateway", "2 catalog", "3 gateway"]);
  });

  test("reads log records with their event name and times", () => {
    const bytes = encodeLogs([sdkLog("payments", "circuitbreaker", { "circuitbreaker.state": "open" })], json);
    const { logs } = decodeOtlp({ signal: "logs", json, gzip, bytes: pack(bytes) });
    expect(logs).toEqual([
      {
        service: "payments",
        eventName: "circuitbreaker",
        atNanos: 1_760_000_000_000_000_005n,
        severity: 9,
        body: "opened",
        traceId: null,
        spanId: null,
        attributes: { "circuitbreaker.state": "open" },
      },
    ]);
  });

  test("one bad span never rejects the batch", () => {
    const good = sdkSpan();
    const bytes = encodeSpans(
      [sdkSpan({ traceId: "0".repeat(32), name: "lost" }), good, sdkSpan({ start: [0, 0] })],
      json,
    );
    const result = traces(pack(bytes), json, gzip);
    expect(result.spans).toHaveLength(1);
    expect(result.rejected).toBe(2);
    expect(result.reason).toContain('"lost"');
  });

  test("cuts what exceeds the limits of a span", () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`key${index}`, index]));
    const bytes = encodeSpans(
      [
        sdkSpan({
          attributes: { long: `${"a".repeat(4_095)}é!`, list: Array(2_000).fill("abcdef"), ...many },
          events: Array.from({ length: 100 }, () => ({ name: "event", time: [1, 0] as [number, number] })),
        }),
      ],
      json,
    );
    const span = firstOf(traces(pack(bytes), json, gzip).spans);
    expect(Object.keys(span.attributes)).toHaveLength(128);
    expect(span.events).toHaveLength(64);
    expect(span.attributes.long).toBe("a".repeat(4_095));
    expect(JSON.stringify(span.attributes.list).length).toBeLessThan(4_096 * 1.2);
  });

  test("a truncated body is a bad request", () => {
    const bytes = encodeSpans([sdkSpan({ attributes })], json);
    expect(() => traces(pack(bytes.subarray(0, bytes.length - 3)), json, gzip)).toThrow(
      expect.objectContaining({ code: "bad_request" }),
    );
  });

  test("a body over the limit is too large", () => {
    const bytes = Buffer.alloc(MAX_DECODED_BYTES + 1, " ");
    expect(() => traces(pack(bytes), json, gzip)).toThrow(expect.objectContaining({ code: "too_large" }));
  });
});

test("what says gzip and is not is a bad request", () => {
  expect(() => traces(Buffer.from("plain"), false, true)).toThrow(expect.objectContaining({ code: "bad_request" }));
});

describe.each([
  ["protobuf", false],
  ["JSON", true],
])("gauges, %s", (_name, json) => {
  const metrics = (bytes: Uint8Array) => decodeOtlp({ signal: "metrics", json, gzip: false, bytes });

  test("are read as OpenTelemetry's SDK writes them, of other metrics only the number", () => {
    const bytes = encodeMetrics(
      "auditor",
      [
        sdkGauge("invariant.violations", [
          { value: 2, attributes: { "invariant.name": "I1" } },
          { value: 0.5, attributes: {} },
          { value: -3, attributes: { deep: true } },
        ]),
        sdkCounter("calls", 7),
      ],
      json,
    );
    const { gauges, metrics: count, rejected } = metrics(bytes);
    const point = { service: "auditor", name: "invariant.violations", atNanos: 1_760_000_000_000_000_005n };
    expect(gauges).toEqual([
      { ...point, value: 2, attributes: { "invariant.name": "I1" } },
      { ...point, value: 0.5, attributes: {} },
      { ...point, value: -3, attributes: { deep: true } },
    ]);
    expect([count, rejected]).toEqual([2, 0]);
  });
});

test("a gauge's point without a value is skipped, one that is no number rejected", () => {
  const dataPoints = [{ flags: 1 }, { asDouble: "NaN" }, { asInt: "4" }, { asInt: "x" }, "nonsense"];
  const body = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "a", gauge: { dataPoints } }, 7] }] }] };
  const bytes = Buffer.from(JSON.stringify(body));
  const decoded = decodeOtlp({ signal: "metrics", json: true, gzip: false, bytes });
  expect(decoded.gauges.map(({ value }) => value)).toEqual([4]);
  expect(decoded.rejected).toBe(2);
});

test("a gauge that breaks off costs only itself", () => {
  const whole = Buffer.from(encodeMetrics("auditor", [sdkGauge("a", [{ value: 1, attributes: {} }])], false));
  const cut = Buffer.from(whole);
  // The last field of its only point claims more than there is.
  cut[cut.length - 1] = 0xff;
  for (const bytes of [whole.subarray(0, whole.length - 3), cut]) {
    expect(() => decodeOtlp({ signal: "metrics", json: false, gzip: false, bytes })).not.toThrow(TypeError);
  }
});

test("metrics are accepted and counted", () => {
  const body = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "a" }, { name: "b" }] }] }] };
  const bytes = Buffer.from(JSON.stringify(body));
  expect(decodeOtlp({ signal: "metrics", json: true, gzip: false, bytes }).metrics).toBe(2);
});

describe("JSON leniency", () => {
  test.each([
    ["upper-case ids", {}, { traceId: spanJson.traceId.toLowerCase(), spanId: spanJson.spanId.toLowerCase() }],
    ["an enum by name", { kind: "SPAN_KIND_CONSUMER" }, { kind: "consumer" }],
    ["an enum by number", { kind: 2 }, { kind: "server" }],
    ["an enum it does not know", { kind: 99 }, { kind: "unspecified" }],
    ["a status by name", { status: { code: "STATUS_CODE_ERROR" } }, { status: "error" }],
    ["times as numbers", { startTimeUnixNano: 7, endTimeUnixNano: 9 }, { startNanos: 7n, endNanos: 9n }],
    ["an end before the start", { endTimeUnixNano: "1" }, { startNanos: 5n, endNanos: 5n }],
    ["unknown fields", { wings: 2, links: "none" }, { name: "" }],
    ["a parent of zeros", { parentSpanId: "0000000000000000" }, { parentSpanId: null }],
    ["fields of a wrong type", { name: 5, events: {}, attributes: "x" }, { name: "", events: [], attributes: {} }],
    ["a service that is not named", {}, { service: "unknown_service" }],
    [
      "64-bit integers as string or number",
      {
        attributes: [
          { key: "a", value: { intValue: "12" } },
          { key: "b", value: { intValue: 12 } },
          { key: "c", value: { intValue: "9223372036854775807" } },
        ],
      },
      { attributes: { a: 12, b: 12, c: "9223372036854775807" } },
    ],
    [
      "attributes that are none, beside good ones",
      {
        attributes: [
          null,
          3,
          { key: "__proto__", value: { stringValue: "x" } },
          { key: "a", value: { boolValue: true } },
        ],
      },
      { attributes: { a: true } },
    ],
    [
      "objects and bytes as text",
      {
        attributes: [
          { key: "o", value: { kvlistValue: { values: [{ key: "x", value: { intValue: 1 } }] } } },
          { key: "b", value: { bytesValue: "AQID" } },
        ],
      },
      { attributes: { o: '{"x":1}', b: "AQID" } },
    ],
  ])("accepts %s", (_name, patch, expected) => {
    const { spans, rejected } = fromJson(request({ ...spanJson, ...patch }));
    expect(rejected).toBe(0);
    expect(firstOf(spans)).toMatchObject(expected);
  });

  test.each([
    ["a short trace id", { traceId: "abc" }],
    ["a span id that is not hex", { spanId: "zzzzzzzzzzzzzzzz" }],
    ["a start time that is none", { startTimeUnixNano: "yesterday" }],
  ])("rejects only the span with %s", (_name, patch) => {
    const { spans, rejected, reason } = fromJson(request({ ...spanJson, ...patch }, spanJson, null));
    expect(spans).toHaveLength(1);
    expect(rejected).toBe(2);
    expect(reason).not.toBe("");
  });

  test.each(["", "{", "[]", "null", "7"])("a body %j is a bad request", (text) => {
    expect(() => traces(Buffer.from(text), true)).toThrow(expect.objectContaining({ code: "bad_request" }));
  });

  test("an empty object holds nothing and is fine", () => {
    expect(fromJson({})).toMatchObject({ spans: [], rejected: 0 });
  });
});

describe("protobuf leniency", () => {
  const length = (size: number) => Buffer.from(size < 128 ? [size] : [(size & 127) | 128, size >> 7]);
  const field = (number: number, bytes: Uint8Array) =>
    Buffer.concat([Buffer.from([(number << 3) | 2]), length(bytes.length), bytes]);
  const traceId = field(1, Buffer.alloc(16, 1));
  const spanId = field(2, Buffer.alloc(8, 2));
  const start = Buffer.from([0x39, 5, 0, 0, 0, 0, 0, 0, 0]);
  const good = Buffer.concat([traceId, spanId, start]);
  const service = field(
    1,
    field(1, Buffer.concat([field(1, Buffer.from("service.name")), field(2, field(1, Buffer.from("bank")))])),
  );
  const wrap = (spans: Buffer[], behind = Buffer.alloc(0)) =>
    field(1, Buffer.concat([field(2, Buffer.concat(spans.map((span) => field(2, span)))), behind]));

  test("a broken span inside a sound batch costs only itself", () => {
    const broken = Buffer.concat([good, Buffer.from([0x2a, 0x7f, 0x41])]);
    const { spans, rejected } = traces(wrap([broken, good]), false);
    expect(spans).toHaveLength(1);
    expect(rejected).toBe(1);
  });

  test("a resource that stands behind its spans still names them", () => {
    expect(firstOf(traces(wrap([good], service), false).spans).service).toBe("bank");
  });

  test("unknown fields and known fields with another wire type are skipped", () => {
    const odd = Buffer.concat([
      good,
      field(14, Buffer.from("??")),
      Buffer.from([0x28, 1, 0x31, 1, 2, 3, 4, 5, 6, 7, 8]),
    ]);
    expect(firstOf(traces(wrap([odd]), false).spans)).toMatchObject({ name: "", kind: "unspecified" });
  });

  test("values nested without end stop at a depth", () => {
    let value = field(1, Buffer.from("x"));
    for (let depth = 0; depth < 20; depth++) value = field(5, field(1, value));
    const span = Buffer.concat([good, field(9, Buffer.concat([field(1, Buffer.from("deep")), field(2, value)]))]);
    const { spans, rejected } = traces(wrap([span]), false);
    expect(rejected).toBe(0);
    expect(String(firstOf(spans).attributes.deep)).toContain("null");
  });

  test("no cut anywhere in a body is taken for a whole one, and none hangs", () => {
    const bytes = encodeSpans([sdkSpan({ attributes })], false);
    for (let length = 1; length < bytes.length; length++) {
      expect(() => traces(bytes.subarray(0, length), false), `cut at ${length}`).toThrow();
    }
  });
});
