"use client";
import { ArrowRight } from "lucide-react";
import { select } from "../live/ui-store.ts";
import { useEdge, useLive } from "../live/use-live.ts";
import { HealthMark } from "../ui/health-mark.tsx";
import { PanelSection } from "../ui/panel-section.tsx";
import { toMs, toPercent, toRate } from "../ui/to-text.ts";

/** Who calls it and whom it calls; a click selects that line. */
export function Neighbours({ id }: { id: string }) {
  const edges = useLive((state) => state.shape.edges);
  const callers = edges.filter(({ callee }) => callee === id);
  const callees = edges.filter(({ caller }) => caller === id);
  return (
    <>
      <PanelSection title={callers.length > 0 ? "Called by" : "Called by nobody"}>
        {callers.map((edge) => (
          <Neighbour key={edge.id} edgeId={edge.id} name={edge.caller} />
        ))}
      </PanelSection>
      <PanelSection title={callees.length > 0 ? "Calls" : "Calls nobody"}>
        {callees.map((edge) => (
          <Neighbour key={edge.id} edgeId={edge.id} name={edge.callee} />
        ))}
      </PanelSection>
    </>
  );
}

function Neighbour({ edgeId, name }: { edgeId: string; name: string }) {
  const edge = useEdge(edgeId);
  if (!edge) return null;
  return (
    <button
      type="button"
      onClick={() => select(edgeId)}
      className="-mx-2 flex w-[calc(100%+1rem)] items-center gap-2 rounded-md px-2 py-1 text-left hover:bg-accent-ground"
    >
      <HealthMark look={edge.health} />
      <span className="min-w-0 truncate font-medium">{name}</span>
      <span className="ml-auto whitespace-nowrap text-muted">
        {toRate(edge.ratePerSecond)} · {toPercent(edge.errorRatio)} · {toMs(edge.p95Ms)}
      </span>
      <ArrowRight size="1em" aria-hidden="true" className="shrink-0 text-muted" />
    </button>
  );
}
