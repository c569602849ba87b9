"use client";
import { useEffect, useRef } from "react";
import type { LogLine } from "#contract/logs.ts";
import { toClock } from "../ui/to-text.ts";
import { usePoll } from "../ui/use-poll.ts";

const LINES = 200;

/** The newest lines, renewed each second; it follows the end until the reader scrolls up. */
export function LogView({ component }: { component: string }) {
  const { data: lines, error } = usePoll<LogLine[]>(
    `/api/components/${encodeURIComponent(component)}/logs?lines=${LINES}`,
    1_000,
  );
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it scrolls when lines arrive
  useEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  if (!lines) return <p className="p-4 text-muted">{error ? `The logs cannot be read: ${error}` : "Reading…"}</p>;
  if (lines.length === 0) return <p className="p-4 text-muted">It has not written anything yet.</p>;
  return (
    <div
      ref={box}
      data-testid="log-view"
      onScroll={({ currentTarget: it }) => {
        atEnd.current = it.scrollHeight - it.scrollTop - it.clientHeight < 24;
      }}
      className="h-64 overflow-auto bg-ground px-4 py-2 font-mono text-xs leading-relaxed"
    >
      {lines.map(({ at, stream, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two lines may be the same in text and time
        <div key={`${at}-${index}`} className="whitespace-pre-wrap break-words">
          <span className="text-muted">{toClock(at)} </span>
          {stream === "stderr" && <span className="text-degraded">err </span>}
          {text}
        </div>
      ))}
    </div>
  );
}
