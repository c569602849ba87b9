import { describe, expect, test } from "vitest";
import { traceQuery } from "#contract/traces.ts";
import { aSpan } from "./span.fixture.ts";
import { createSpanStore } from "./span-store.ts";
import { estimateBytes } from "./stored-trace.ts";

const id = (number: number) => number.toString(16).padStart(32, "0");
const spanId = (number: number) => number.toString(16).padStart(16, "0");
const T0 = 1_760_000_000_000;
const query = (parts: Record<string, unknown> = {}) => traceQuery.parse(parts);

describe("a trace", () => {
  test("is joined from spans of several services, whatever their order, also late ones", () => {
    const store = createSpanStore();
    const child = aSpan({
      traceId: id(1),
      parentSpanId: spanId(0xa),
      service: "catalog",
      startMs: T0 + 2,
      durationMs: 5,
    });
    store.add([child]);
    expect(store.query(query())).toMatchObject([{ service: "catalog", rootMissing: true, spanCount: 1 }]);
    store.add([aSpan({ traceId: id(1), spanId: spanId(0xa), startMs: T0, durationMs: 20, name: "GET /" })]);
    expect(store.query(query())).toEqual([
      {
        traceId: id(1),
        service: "gateway",
        name: "GET /",
        startedAt: T0,
        durationMs: 20,
        spanCount: 2,
        errorCount: 0,
        services: ["catalog", "gateway"],
        breakerRefused: false,
        rootMissing: false,
        root: { durationMs: 20, failed: false, httpStatus: null },
      },
    ]);
    expect(store.trace(id(1))?.spans.map((span) => [span.service, span.startMs, span.durationMs])).toEqual([
      ["gateway", T0, 20],
      ["catalog", T0 + 2, 5],
    ]);
  });

  test("counts a span that is sent twice once", () => {
    const store = createSpanStore();
    const span = aSpan();
    store.add([span, span]);
    store.add([{ ...span }]);
    expect(store.stats()).toMatchObject({ traces: 1, spans: 1 });
  });

  test("that nobody sent is null", () => {
    expect(createSpanStore().trace(id(9))).toBeNull();
  });

  test.each([
    ["a breaker's refusal", { status: "error" as const, attributes: { "circuitbreaker.state": "open" } }, true],
    ["a closed breaker", { status: "error" as const, attributes: { "circuitbreaker.state": "closed" } }, false],
  ])("with %s is marked so", (_name, patch, marked) => {
    const store = createSpanStore();
    store.add([aSpan(patch)]);
    expect(store.query(query())[0]?.breakerRefused).toBe(marked);
  });
});

describe("query", () => {
  const edges: Record<string, { id: string }> = { "catalog-db": { id: "catalog->catalog-db" } };
  const store = createSpanStore({ edgeOf: (span) => edges[String(span.attributes["server.address"])] ?? null });
  store.add([
    aSpan({ traceId: id(1), spanId: spanId(1), startMs: T0, durationMs: 5, attributes: { "http.route": "/home" } }),
    aSpan({ traceId: id(1), parentSpanId: spanId(1), service: "catalog", startMs: T0 }),
    aSpan({ traceId: id(2), startMs: T0 + 100, durationMs: 900, status: "error", name: "POST /checkout" }),
    aSpan({
      traceId: id(3),
      startMs: T0 + 50,
      durationMs: 50,
      service: "catalog",
      kind: "client",
      attributes: { "server.address": "catalog-db" },
    }),
  ]);
  const found = (parts: Record<string, unknown>) =>
    store.query(query(parts)).map((trace) => Number(`0x${trace.traceId}`));

  test.each([
    ["everything, newest first", {}, [2, 3, 1]],
    ["by service", { service: "catalog" }, [3, 1]],
    ["by an unknown service", { service: "nobody" }, []],
    ["by the root's route", { route: "/home" }, [1]],
    ["by the root's name", { route: "POST /checkout" }, [2]],
    ["failed", { status: "error" }, [2]],
    ["not failed", { status: "ok" }, [3, 1]],
    ["by edge, from parent and child", { edge: "gateway->catalog" }, [1]],
    ["by edge, from the client's half alone", { edge: "catalog->catalog-db" }, [3]],
    ["by duration", { minMs: "50" }, [2, 3]],
    ["by time", { since: T0 + 50 }, [2, 3]],
    ["at most so many", { limit: 1 }, [2]],
  ])("%s", (_name, parts, expected) => {
    expect(found(parts)).toEqual(expected);
  });
});

describe("bounds", () => {
  const size = estimateBytes(aSpan());

  test("the oldest traces leave first, whole, and from every index", () => {
    const store = createSpanStore({ maxBytes: size * 4 });
    store.add([
      aSpan({ traceId: id(1), service: "bank" }),
      aSpan({ traceId: id(2) }),
      aSpan({ traceId: id(1), service: "bank" }),
    ]);
    store.add([aSpan({ traceId: id(3) }), aSpan({ traceId: id(4) })]);
    expect(store.stats()).toMatchObject({ traces: 3, spans: 3, services: ["gateway"] });
    expect(store.trace(id(1))).toBeNull();
    expect(store.query(query({ service: "bank" }))).toEqual([]);
  });

  test("memory never exceeds the bound, whatever is thrown at it", () => {
    const store = createSpanStore({ maxBytes: 100_000 });
    for (let number = 1; number <= 2_000; number++) {
      store.add([
        aSpan({ traceId: id(number), attributes: { text: "x".repeat(number % 400) }, service: `s${number % 50}` }),
      ]);
      expect(store.stats().bytes).toBeLessThanOrEqual(100_000);
    }
    expect(store.stats().spans).toBeGreaterThan(50);
    expect(store.stats().services.length).toBeLessThanOrEqual(50);
  });

  test("one trace that alone exceeds the bound leaves too", () => {
    const store = createSpanStore({ maxBytes: size * 3 });
    store.add(Array.from({ length: 10 }, () => aSpan({ traceId: id(1) })));
    expect(store.stats().bytes).toBeLessThanOrEqual(size * 3);
  });
});
