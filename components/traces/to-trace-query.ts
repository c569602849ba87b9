/** What the list is filtered by; lives in the URL, so that every view can be sent to someone. */
export type TraceFilter = { service: string; status: "" | "ok" | "error"; minMs: number };

export const noFilter: TraceFilter = { service: "", status: "", minMs: 0 };

/** The address that answers the filter (contract/traces.ts, traceQuery). */
export function toTraceUrl({ service, status, minMs }: TraceFilter, limit = 100): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (service) query.set("service", service);
  if (status) query.set("status", status);
  if (minMs > 0) query.set("minMs", String(minMs));
  return `/api/traces?${query}`;
}

export function fromSearch(search: URLSearchParams): TraceFilter {
  const status = search.get("status");
  const minMs = Number(search.get("minMs"));
  return {
    service: search.get("service") ?? "",
    status: status === "ok" || status === "error" ? status : "",
    minMs: Number.isFinite(minMs) && minMs > 0 ? minMs : 0,
  };
}

export function toSearch({ service, status, minMs }: TraceFilter): string {
  const query = new URLSearchParams();
  if (service) query.set("service", service);
  if (status) query.set("status", status);
  if (minMs > 0) query.set("minMs", String(minMs));
  return query.size > 0 ? `?${query}` : "";
}
