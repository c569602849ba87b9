"use client";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { LogEntry } from "#contract/state.ts";
import { select } from "../live/ui-store.ts";
import { useLive } from "../live/use-live.ts";
import { toClock } from "../ui/to-text.ts";

const looks: Record<LogEntry["severity"], { Icon: typeof Info; colour: string }> = {
  info: { Icon: Info, colour: "text-muted" },
  good: { Icon: CircleCheck, colour: "text-ok" },
  warning: { Icon: TriangleAlert, colour: "text-degraded" },
  bad: { Icon: CircleAlert, colour: "text-failing" },
};

/** What has happened, newest first; a click selects what it happened to. */
export function EventList() {
  const events = useLive((state) => state.events);
  return (
    <section aria-label="Events" className="flex min-h-0 flex-1 flex-col">
      <h2 className="px-4 pt-3 pb-1 text-sm font-semibold text-muted">Events</h2>
      <ol data-testid="event-list" className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {events.length === 0 && (
          <li className="px-2 py-1 text-muted">
            Nothing has happened yet. Click a line, break it, watch what happens.
          </li>
        )}
        {events.toReversed().map((event) => (
          <Event key={event.id} event={event} />
        ))}
      </ol>
    </section>
  );
}

function Event({ event: { at, severity, text, edge, component } }: { event: LogEntry }) {
  const { Icon, colour } = looks[severity];
  const target = edge ?? component;
  const line = (
    <>
      <Icon size="1.15em" aria-label={severity} className={`mt-[0.12em] shrink-0 ${colour}`} />
      <time className="shrink-0 text-muted">{toClock(at)}</time>
      <span className="min-w-0">{text}</span>
    </>
  );
  const look = "flex w-full items-start gap-2 rounded-md px-2 py-1 text-left";
  return (
    <li data-severity={severity}>
      {target ? (
        <button type="button" className={`${look} hover:bg-accent-ground`} onClick={() => select(target)}>
          {line}
        </button>
      ) : (
        <div className={look}>{line}</div>
      )}
    </li>
  );
}
