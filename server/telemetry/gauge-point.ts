import type { Attributes } from "./span.ts";

/** One number of an OTLP gauge. */
export type GaugePoint = { service: string; name: string; value: number; atNanos: bigint; attributes: Attributes };
