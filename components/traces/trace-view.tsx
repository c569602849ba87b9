"use client";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useMemo, useState } from "react";
import type { Trace } from "#contract/traces.ts";
import { toClock, toMs } from "../ui/to-text.ts";
import { usePoll } from "../ui/use-poll.ts";
import { SpanDetails } from "./span-details.tsx";
import { MAX_ROWS, toWaterfall } from "./to-waterfall.ts";
import { Waterfall } from "./waterfall.tsx";

/** Spans of a trace may arrive late; the page looks again this often. */
const RENEW_MS = 3_000;

export function TraceView({ traceId }: { traceId: string }) {
  const { data, error } = usePoll<Trace>(`/api/traces/${encodeURIComponent(traceId)}`, RENEW_MS);
  const waterfall = useMemo(() => (data ? toWaterfall(data.spans) : null), [data]);
  const [spanId, setSpanId] = useState<string | null>(null);
  const span = data?.spans.find((each) => each.spanId === spanId);
  const root = waterfall?.rows[0]?.span;
  return (
    <div className="flex h-full">
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-b border-line px-5 py-3">
          <Link href="/traces" className="flex items-center gap-1.5 self-center text-muted hover:text-ink">
            <ArrowLeft size="1.1em" aria-hidden="true" /> Traces
          </Link>
          <h2 className="text-xl font-semibold">{root ? `${root.service} ${root.name}` : "Trace"}</h2>
          {waterfall && root && (
            <p className="text-muted">
              {toClock(waterfall.startMs)} · {toMs(waterfall.durationMs)} · {data?.spans.length} spans ·{" "}
              {waterfall.services.length} services
            </p>
          )}
        </header>
        {waterfall ? (
          <>
            <Waterfall waterfall={waterfall} selected={spanId} onSelect={setSpanId} />
            {waterfall.hidden > 0 && (
              <p className="border-t border-line px-5 py-2 text-muted">
                {waterfall.hidden} more spans are not drawn: this page shows the first {MAX_ROWS}.
              </p>
            )}
          </>
        ) : (
          <p className="p-8 text-center text-lg text-muted">
            {error ? `This trace cannot be shown: ${error}` : "Reading the trace…"}
          </p>
        )}
      </div>
      {span && <SpanDetails span={span} onClose={() => setSpanId(null)} />}
    </div>
  );
}
