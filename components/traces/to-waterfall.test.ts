import { describe, expect, test } from "vitest";
import type { Span } from "#contract/traces.ts";
import { toTicks, toWaterfall } from "./to-waterfall.ts";

function span(
  spanId: string,
  parentSpanId: string | null,
  startMs: number,
  durationMs: number,
  change: Partial<Span> = {},
): Span {
  return {
    traceId: "t",
    spanId,
    parentSpanId,
    service: "gateway",
    name: spanId,
    kind: "server",
    status: "unset",
    statusMessage: "",
    startMs,
    durationMs,
    attributes: {},
    events: [],
    ...change,
  };
}

describe("the waterfall", () => {
  test("stands in tree order with depth, siblings by start", () => {
    const { rows } = toWaterfall([
      span("c2", "root", 60, 10),
      span("root", null, 0, 100),
      span("g", "c1", 15, 5),
      span("c1", "root", 10, 40),
    ]);
    expect(rows.map((row) => [row.span.spanId, row.depth])).toEqual([
      ["root", 0],
      ["c1", 1],
      ["g", 2],
      ["c2", 1],
    ]);
  });

  test("places bars as shares of the whole, also what outlives the root", () => {
    const { rows, durationMs } = toWaterfall([span("root", null, 1_000, 50), span("late", "root", 1_050, 150)]);
    expect(durationMs).toBe(200);
    expect(rows[1]).toMatchObject({ offset: 0.25, width: 0.75 });
  });

  test("marks spans whose parent is missing, and failed ones", () => {
    const { rows } = toWaterfall([span("a", "gone", 0, 1, { status: "error" }), span("b", null, 0, 1)]);
    expect(rows.map(({ orphan, failed }) => [orphan, failed])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  test("draws no more rows than the cap and says how many are hidden", () => {
    const spans = Array.from({ length: 50 }, (_, index) => span(String(index), index === 0 ? null : "0", index, 1));
    expect(toWaterfall(spans, 20)).toMatchObject({ hidden: 30, rows: { length: 20 } });
  });

  test("is empty for no spans", () => {
    expect(toWaterfall([])).toMatchObject({ rows: [], durationMs: 0, hidden: 0 });
  });
});

test.each([
  [1_610, [0, 500, 1_000, 1_500]],
  [96, [0, 20, 40, 60, 80]],
  [0, [0]],
])("a scale of %d ms has round ticks", (durationMs, ticks) => expect(toTicks(durationMs)).toEqual(ticks));
