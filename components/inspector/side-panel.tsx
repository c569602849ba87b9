"use client";
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { InvariantLedger } from "../invariants/invariant-ledger.tsx";
import { select, useUi } from "../live/ui-store.ts";
import { useLive } from "../live/use-live.ts";
import { EventList } from "../timeline/event-list.tsx";
import { Warnings } from "../timeline/warnings.tsx";
import { ComponentInspector } from "./component-inspector.tsx";
import { EdgeInspector } from "./edge-inspector.tsx";

/** The column beside the map: the inspector of what is selected, and the events below it. */
export function SidePanel() {
  const selection = useUi((state) => state.selection);
  const known = useLive(
    ({ components, edges }) => selection !== null && (selection.id in components || selection.id in edges),
  );
  return (
    <div className="flex w-(--side) shrink-0 flex-col border-l border-line bg-surface max-[900px]:h-2/5 max-[900px]:w-full max-[900px]:border-t max-[900px]:border-l-0">
      {selection && known && <Inspector key={selection.id} id={selection.id} kind={selection.kind} />}
      <InvariantLedger />
      <EventList />
      <Warnings />
    </div>
  );
}

function Inspector({ id, kind }: { id: string; kind: "component" | "edge" }) {
  const panel = useRef<HTMLElement>(null);
  const { count, part } = useUi((state) => state.focusRequest);
  const seen = useRef(0);
  useEffect(() => {
    if (count === seen.current) return;
    seen.current = count;
    const wanted = part === "latency" ? '[data-testid="latency-slider"] [role="slider"]' : "h2";
    panel.current?.querySelector<HTMLElement>(wanted)?.focus();
  }, [count, part]);
  return (
    <aside
      ref={panel}
      data-testid="inspector"
      data-target={id}
      aria-label={`Inspector: ${id}`}
      className="relative max-h-[74%] min-h-0 shrink-0 overflow-y-auto border-b-2 border-line"
    >
      <button
        type="button"
        aria-label="Close the inspector"
        onClick={() => select(null)}
        className="absolute top-3 right-3 rounded-md p-1 text-muted hover:text-ink"
      >
        <X size="1.2em" aria-hidden="true" />
      </button>
      {kind === "component" ? <ComponentInspector id={id} /> : <EdgeInspector id={id} />}
    </aside>
  );
}
