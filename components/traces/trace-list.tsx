"use client";
import { Pause, Play } from "lucide-react";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { Suspense, useState } from "react";
import type { TraceSummary } from "#contract/traces.ts";
import { Button } from "../ui/button.tsx";
import { toClock, toMs } from "../ui/to-text.ts";
import { usePoll } from "../ui/use-poll.ts";
import { fromSearch, toSearch, toTraceUrl } from "./to-trace-query.ts";
import { TraceFilters } from "./trace-filters.tsx";
import { useServiceColour } from "./use-service-colour.ts";

const RENEW_MS = 1_000;

/** The newest traces that fit the filters, live until paused. */
export function TraceList() {
  return (
    <Suspense>
      <List />
    </Suspense>
  );
}

function List() {
  const search = useSearchParams();
  const router = useRouter();
  const [paused, setPaused] = useState(false);
  const filter = fromSearch(search);
  const { data, error } = usePoll<TraceSummary[]>(paused ? null : toTraceUrl(filter), RENEW_MS);
  const longest = Math.max(1, ...(data ?? []).map(({ durationMs }) => durationMs));
  return (
    <div className="flex h-full flex-col">
      <div className="flex flex-wrap items-center gap-4 border-b border-line px-5 py-3">
        <h2 className="text-xl font-semibold">Traces</h2>
        <TraceFilters filter={filter} onChange={(next) => router.replace(`/traces${toSearch(next)}`)} />
        <Button className="ml-auto" data-testid="trace-pause" aria-pressed={paused} onClick={() => setPaused(!paused)}>
          {paused ? <Play size="1.1em" aria-hidden="true" /> : <Pause size="1.1em" aria-hidden="true" />}
          {paused ? "Go on" : "Pause"}
        </Button>
      </div>
      {error && (
        <p className="bg-failing-ground px-5 py-1.5">The list cannot be renewed: {error}. Trying again each second.</p>
      )}
      <div className="min-h-0 flex-1 overflow-auto">
        {data?.length === 0 ? (
          <Empty filtered={toSearch(filter) !== ""} />
        ) : (
          <table data-testid="trace-list" className="w-full border-collapse">
            <thead className="sticky top-0 z-10 bg-ground text-left text-sm text-muted">
              <tr>
                <th className="py-2 pl-5 font-semibold">Time</th>
                <th className="font-semibold">Request</th>
                <th className="font-semibold">Services</th>
                <th className="text-right font-semibold">Spans</th>
                <th className="pl-6 font-semibold">Outcome</th>
                <th className="w-1/4 pr-5 pl-6 font-semibold">Duration</th>
              </tr>
            </thead>
            <tbody>
              {data?.map((trace) => (
                <Row key={trace.traceId} trace={trace} longest={longest} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </div>
  );
}

function Row({ trace, longest }: { trace: TraceSummary; longest: number }) {
  const { traceId, service, name, startedAt, durationMs, spanCount, errorCount, services, breakerRefused } = trace;
  const failed = errorCount > 0;
  const toColour = useServiceColour();
  return (
    <tr
      data-testid="trace-row"
      data-trace={traceId}
      data-failed={failed}
      className="border-t border-line hover:bg-accent-ground"
    >
      <td className="py-1.5 pr-4 pl-5 text-muted">{toClock(startedAt)}</td>
      <td className="max-w-96 truncate pr-4">
        <Link href={`/traces/${traceId}`} className="font-medium hover:underline">
          <span className="text-muted">{service}</span> {name}
        </Link>
      </td>
      <td>
        <span className="flex flex-wrap gap-x-3">
          {services.map((each) => (
            <span key={each} className="flex items-center gap-1.5 whitespace-nowrap">
              <span className="size-2.5 rounded-sm" style={{ background: toColour(each) }} />
              {each}
            </span>
          ))}
        </span>
      </td>
      <td className="text-right">{spanCount}</td>
      <td className="pl-6 whitespace-nowrap">
        {failed ? (
          <strong className="text-failing">
            ◆ {errorCount} {errorCount === 1 ? "error" : "errors"}
          </strong>
        ) : (
          <span className="text-muted">ok</span>
        )}
        {breakerRefused && <span className="ml-2 text-degraded">breaker refused</span>}
      </td>
      <td className="pr-5 pl-6">
        <span className="flex items-center gap-2">
          <span className="w-16 shrink-0 text-right font-medium">{toMs(durationMs)}</span>
          <span className="h-2 flex-1">
            <span
              className={`block h-full min-w-0.5 rounded-sm ${failed ? "bg-failing" : "bg-accent"}`}
              style={{ width: `${(durationMs / longest) * 100}%` }}
            />
          </span>
        </span>
      </td>
    </tr>
  );
}

function Empty({ filtered }: { filtered: boolean }) {
  return (
    <div data-testid="trace-list" className="grid h-full place-items-center p-8 text-center">
      <div>
        <p className="text-xl font-semibold">{filtered ? "No trace fits these filters" : "No traces yet"}</p>
        <p className="mt-2 text-muted">
          {filtered
            ? "Wait for one, or widen the filters."
            : "They appear as soon as requests pass through the system."}
        </p>
      </div>
    </div>
  );
}
