import type { TraceSummary } from "#contract/traces.ts";

/** What users got, counted from the spans of their own requests. Durations are what they waited, ms. */
export type Users = {
  count: number;
  okRatio: number;
  /** By HTTP status; 0 where no answer came. */
  byStatus: Record<number, number>;
  p50Ms: number;
  p95Ms: number;
  traces: TraceSummary[];
};

/** Requests that began with a user and have ended; others among the traces are left out. */
export function toUsers(all: TraceSummary[]): Users {
  const traces = all.filter(({ service, root }) => service === "load" && root !== null);
  const byStatus: Record<number, number> = {};
  for (const trace of traces) byStatus[statusOf(trace)] = (byStatus[statusOf(trace)] ?? 0) + 1;
  const ok = traces.filter((trace) => statusOf(trace) > 0 && statusOf(trace) < 400).length;
  const waits = traces.map(({ root }) => root?.durationMs ?? 0).sort((a, b) => a - b);
  const at = (share: number) => waits[Math.floor(waits.length * share)] ?? Number.NaN;
  return { count: traces.length, okRatio: ok / traces.length, byStatus, p50Ms: at(0.5), p95Ms: at(0.95), traces };
}

/** 0 where no answer came. */
export function statusOf({ root }: TraceSummary): number {
  return root?.httpStatus ?? 0;
}
