import type { AttributeValue, Span } from "#contract/traces.ts";

/** What is kept of one span: more attributes or events than this are dropped, longer values are cut. */
export const spanLimits = { attributes: 128, events: 64, valueBytes: 4_096 } as const;

export type Attributes = Record<string, AttributeValue>;

/** A span as the dashboard keeps it. Ids are lower-case hex, times epoch nanoseconds, `service` the resource's `service.name`. */
export type StoredSpan = Omit<Span, "startMs" | "durationMs" | "events"> & {
  startNanos: bigint;
  /** Never before `startNanos`. */
  endNanos: bigint;
  attributes: Attributes;
  events: SpanEvent[];
};

export type SpanEvent = { name: string; atNanos: bigint; attributes: Attributes };

export function durationMicros(span: StoredSpan): number {
  return Number(span.endNanos - span.startNanos) / 1_000;
}

/** Epoch ms with fraction, to the microsecond. */
export function nanosToMs(nanos: bigint): number {
  return Number(nanos / 1_000n) / 1_000;
}

/** The span as the browser gets it. */
export function toSpan(span: StoredSpan): Span {
  const { startNanos, endNanos, events, ...rest } = span;
  return {
    ...rest,
    startMs: nanosToMs(startNanos),
    durationMs: Number(endNanos - startNanos) / 1_000_000,
    events: events.map(({ name, atNanos, attributes }) => ({ name, atMs: nanosToMs(atNanos), attributes })),
  };
}
