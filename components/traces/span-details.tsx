"use client";
import { X } from "lucide-react";
import type { Span } from "#contract/traces.ts";
import { PanelSection } from "../ui/panel-section.tsx";
import { toMs } from "../ui/to-text.ts";

/** All that is known of one span. */
export function SpanDetails({ span, onClose }: { span: Span; onClose: () => void }) {
  const failed = span.status === "error";
  return (
    <aside
      data-testid="span-details"
      aria-label="Span"
      className="relative w-(--side) shrink-0 overflow-y-auto border-l border-line bg-surface"
    >
      <button
        type="button"
        aria-label="Close"
        onClick={onClose}
        className="absolute top-3 right-3 rounded-md p-1 text-muted hover:text-ink"
      >
        <X size="1.2em" aria-hidden="true" />
      </button>
      <header className="px-4 pt-3 pb-3">
        <h3 className="pr-8 text-lg font-semibold break-words">{span.name}</h3>
        <p className="text-muted">
          {span.service} · {span.kind} · {toMs(span.durationMs)}
        </p>
        {failed && (
          <p className="mt-1 font-medium text-failing">◆ error{span.statusMessage && `: ${span.statusMessage}`}</p>
        )}
      </header>
      <PanelSection title="Attributes">
        <Attributes attributes={span.attributes} />
      </PanelSection>
      {span.events.length > 0 && (
        <PanelSection title="Events">
          {span.events.map((event, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: events have no id, and their order is fixed
            <div key={index} className="mb-2">
              <p className="font-medium">
                {event.name}{" "}
                <span className="font-normal text-muted">after {toMs(Math.max(0, event.atMs - span.startMs))}</span>
              </p>
              <Attributes attributes={event.attributes} />
            </div>
          ))}
        </PanelSection>
      )}
    </aside>
  );
}

function Attributes({ attributes }: { attributes: Span["attributes"] }) {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return <p className="text-muted">none</p>;
  return (
    <dl className="space-y-1.5">
      {entries.map(([key, value]) => (
        <div key={key}>
          <dt className="text-xs text-muted">{key}</dt>
          <dd className="break-words">{Array.isArray(value) ? value.join(", ") : String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
