"use client";
import Link from "next/link";
import type { TraceSummary } from "#contract/traces.ts";
import { toClock, toMs } from "../ui/to-text.ts";
import { usePoll } from "../ui/use-poll.ts";

/** The newest traces with an error; `query` says whose: `service=…` or `edge=…`. */
export function FailingTraces({ query }: { query: string }) {
  const { data, error } = usePoll<TraceSummary[]>(`/api/traces?${query}&status=error&limit=5`, 2_000);
  if (!data) return <p className="px-4 py-3 text-muted">{error ? `Traces cannot be read: ${error}` : "Reading…"}</p>;
  if (data.length === 0) return <p className="px-4 py-3 text-muted">No failing trace is kept.</p>;
  return (
    <ul className="px-2 py-2">
      {data.map(({ traceId, name, service, startedAt, durationMs }) => (
        <li key={traceId}>
          <Link href={`/traces/${traceId}`} className="flex gap-3 rounded-md px-2 py-1 hover:bg-accent-ground">
            <span className="text-muted">{toClock(startedAt)}</span>
            <span className="min-w-0 flex-1 truncate">
              {service} {name}
            </span>
            <span className="whitespace-nowrap">{toMs(durationMs)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
