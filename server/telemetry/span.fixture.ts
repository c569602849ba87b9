import type { StoredSpan } from "./span.ts";

let count = 0;

/** A span for tests: its own id, trace "…1", 10 ms long, times in epoch ms. */
export function aSpan(
  patch: Partial<Omit<StoredSpan, "startNanos" | "endNanos">> & { startMs?: number; durationMs?: number } = {},
): StoredSpan {
  const { startMs = 1_760_000_000_000, durationMs = 10, ...rest } = patch;
  const startNanos = BigInt(Math.round(startMs * 1_000)) * 1_000n;
  return {
    traceId: "1".padStart(32, "0"),
    spanId: (++count).toString(16).padStart(16, "0"),
    parentSpanId: null,
    service: "gateway",
    name: "GET /home",
    kind: "server",
    status: "unset",
    statusMessage: "",
    startNanos,
    endNanos: startNanos + BigInt(Math.round(durationMs * 1_000_000)),
    attributes: {},
    events: [],
    ...rest,
  };
}
