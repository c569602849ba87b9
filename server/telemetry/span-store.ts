import type { Trace, TraceQuery, TraceSummary } from "#contract/traces.ts";
import { type StoredSpan, toSpan } from "./span.ts";
import { StoredTrace } from "./stored-trace.ts";

/*
 *   add(spans) ─▶ traces by id, oldest first ─┬─▶ query(): newest first
 *                 services → traces ──────────┘   trace(id): all spans
 *                      └── over `maxBytes`: the oldest traces leave, whole, from both
 *
 * The bound is on estimated memory. A span that comes after its trace has left begins it anew.
 */
export type SpanStore = {
  add(spans: readonly StoredSpan[]): void;
  query(query: TraceQuery): TraceSummary[];
  trace(traceId: string): Trace | null;
  /** What it holds now; `bytes` are estimated. */
  stats(): { traces: number; spans: number; bytes: number; services: string[] };
};

export type SpanStoreOptions = {
  maxBytes?: number;
  /** The edge that a client, producer or consumer span belongs to, for `edge` queries. */
  edgeOf?: (span: StoredSpan) => { id: string } | null;
};

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

export function createSpanStore({
  maxBytes = DEFAULT_MAX_BYTES,
  edgeOf = () => null,
}: SpanStoreOptions = {}): SpanStore {
  /** In order of arrival, which is the order of eviction. */
  const traces = new Map<string, StoredTrace>();
  const byService = new Map<string, Set<StoredTrace>>();
  let bytes = 0;
  let spanCount = 0;

  function addOne(span: StoredSpan): void {
    let trace = traces.get(span.traceId);
    if (trace === undefined) {
      trace = new StoredTrace(span.traceId);
      traces.set(span.traceId, trace);
    }
    const before = trace.bytes;
    if (!trace.add(span)) return;
    bytes += trace.bytes - before;
    spanCount++;
    let ofService = byService.get(span.service);
    if (ofService === undefined) {
      ofService = new Set();
      byService.set(span.service, ofService);
    }
    ofService.add(trace);
  }

  function evict(): void {
    for (const trace of traces.values()) {
      if (bytes <= maxBytes) return;
      traces.delete(trace.traceId);
      for (const service of trace.services) {
        const ofService = byService.get(service);
        ofService?.delete(trace);
        if (ofService?.size === 0) byService.delete(service);
      }
      bytes -= trace.bytes;
      spanCount -= trace.spans.size;
    }
  }

  return {
    add(spans) {
      for (const span of spans) {
        addOne(span);
        if (bytes > maxBytes) evict();
      }
    },
    query(query) {
      const candidates = query.service === undefined ? traces.values() : (byService.get(query.service)?.values() ?? []);
      return [...candidates]
        .filter((trace) => matches(trace, query, edgeOf))
        .sort((a, b) => Number(b.startNanos - a.startNanos))
        .slice(0, query.limit)
        .map((trace) => trace.summary());
    },
    trace(traceId) {
      const trace = traces.get(traceId.toLowerCase());
      if (trace === undefined) return null;
      const spans = [...trace.spans.values()].sort((a, b) => Number(a.startNanos - b.startNanos));
      return { traceId: trace.traceId, spans: spans.map(toSpan) };
    },
    stats: () => ({ traces: traces.size, spans: spanCount, bytes, services: [...byService.keys()].sort() }),
  };
}

function matches(trace: StoredTrace, query: TraceQuery, edgeOf: NonNullable<SpanStoreOptions["edgeOf"]>): boolean {
  if (query.status !== undefined && trace.errorCount > 0 !== (query.status === "error")) return false;
  if (query.minMs !== undefined && trace.durationMs < query.minMs) return false;
  if (query.since !== undefined && trace.startMs < query.since) return false;
  if (query.route !== undefined && trace.route() !== query.route) return false;
  return query.edge === undefined || trace.crosses(query.edge, edgeOf);
}
