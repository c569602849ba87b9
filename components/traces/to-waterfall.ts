import type { Span } from "#contract/traces.ts";

/** One row of the waterfall: a span at its depth, with its bar as shares of the trace's whole time. */
export type WaterfallRow = {
  span: Span;
  depth: number;
  /** 0 to 1 from the trace's start. */
  offset: number;
  width: number;
  failed: boolean;
  /** Its parent is named but not among the spans we have. */
  orphan: boolean;
};

export type Waterfall = {
  startMs: number;
  durationMs: number;
  rows: WaterfallRow[];
  /** Spans beyond the cap, not drawn. */
  hidden: number;
  services: string[];
};

/** More rows than this make the page slow and nobody wiser. */
export const MAX_ROWS = 2_000;

/** Rows in tree order: children below their parent, siblings by start; orphans stand at the top level by their start. */
export function toWaterfall(spans: Span[], maxRows = MAX_ROWS): Waterfall {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const children = new Map<string, Span[]>();
  const tops: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    const parent = span.parentSpanId;
    if (parent && known.has(parent) && parent !== span.spanId) {
      children.set(parent, [...(children.get(parent) ?? []), span]);
    } else tops.push(span);
  }
  const startMs = spans.length === 0 ? 0 : Math.min(...spans.map((span) => span.startMs));
  const endMs = spans.length === 0 ? 0 : Math.max(...spans.map((span) => span.startMs + span.durationMs));
  const whole = Math.max(endMs - startMs, 0.001);

  const rows: WaterfallRow[] = [];
  const seen = new Set<string>();
  // A stack of its own instead of recursion: a hostile trace may be ten thousand spans deep, or a circle.
  const stack = tops.map((span) => ({ span, depth: 0 })).reverse();
  for (let next = stack.pop(); next && rows.length < maxRows; next = stack.pop()) {
    const { span, depth } = next;
    if (seen.has(span.spanId)) continue;
    seen.add(span.spanId);
    rows.push({
      span,
      depth,
      offset: (span.startMs - startMs) / whole,
      width: Math.min(1, span.durationMs / whole),
      failed: span.status === "error",
      orphan: depth === 0 && span.parentSpanId !== null,
    });
    for (const child of [...(children.get(span.spanId) ?? [])].reverse()) stack.push({ span: child, depth: depth + 1 });
  }
  return {
    startMs,
    durationMs: endMs - startMs,
    rows,
    hidden: spans.length - rows.length,
    services: [...new Set(spans.map(({ service }) => service))].sort(),
  };
}

/** Round times for the scale's ticks: about `count` of them, 1, 2 or 5 times a power of ten apart. */
export function toTicks(durationMs: number, count = 5): number[] {
  if (!(durationMs > 0)) return [0];
  const rough = durationMs / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let index = 0; index * step <= durationMs * 1.0001; index += 1) ticks.push(index * step);
  return ticks;
}
