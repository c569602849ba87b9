"use client";
import type { Breaker } from "#contract/breaker.ts";
import type { Edge } from "#contract/state.ts";
import { FaultChip } from "../faults/fault-chip.tsx";
import { openInspector, select, uiStore, useUi } from "../live/ui-store.ts";
import { useFaultsOn, useLive } from "../live/use-live.ts";
import { useNow } from "../live/use-now.ts";
import { toSwitchText } from "../policies/to-breaker-text.ts";
import { HealthMark } from "../ui/health-mark.tsx";
import { toMs, toPercent, toRate } from "../ui/to-text.ts";
import { showsClientErrors, toEdgeLabel } from "./to-edge.ts";
import { type Line, pointAt } from "./to-line.ts";

/**
 * What stands beside a line, and the button through which it is selected:
 * numbers above a flat line, right of a steep one, on a slanted one; breaker and faults below them.
 */
export function EdgeLabel({
  edge,
  line,
  at,
  quiet,
  dimmed,
  selected,
}: {
  edge: Edge;
  line: Line;
  at: number;
  quiet: boolean;
  dimmed: boolean;
  selected: boolean;
}) {
  const { id, breaker, health } = edge;
  const faults = useFaultsOn(id);
  const first = useLive((state) => state.shape.edges[0]?.id);
  const tabbable = useUi((state) => (state.roving.edge ?? first) === id);
  const middle = pointAt(line, at);
  const maxWidth = line.run === "flat" ? line.length - 10 : undefined;
  const shift = line.run === "steep" ? "translate(14px, -50%)" : "translate(-50%, -50%)";
  const broken = health === "failing" || health === "degraded";
  return (
    <button
      type="button"
      className="edge-label nodrag nopan"
      data-testid={`edge-${id}`}
      data-edge-id={id}
      data-health={health}
      data-breaker={breaker?.state ?? ""}
      data-faults={faults.length}
      data-run={line.run}
      data-quiet={quiet}
      data-selected={selected}
      data-dimmed={dimmed}
      aria-label={toEdgeLabel(edge)}
      aria-pressed={selected}
      tabIndex={tabbable ? 0 : -1}
      title={edge.reason}
      style={{ transform: `translate(${middle.x}px, ${middle.y}px) ${shift}`, maxWidth }}
      onFocus={() => uiStore.setState((state) => ({ roving: { ...state.roving, edge: id } }))}
      onClick={() => select(id)}
      onDoubleClick={() => openInspector(id)}
    >
      <span className="edge-numbers">
        {broken && <HealthMark look={health} />}
        {health === "idle" ? (
          <span className="idle-word">idle</span>
        ) : (
          <>
            <span>{toRate(edge.ratePerSecond)}</span>
            {(!quiet || edge.errorRatio > 0) && (
              <span className={edge.errorRatio > 0 ? "bad-number" : undefined}>{toPercent(edge.errorRatio)}</span>
            )}
            {showsClientErrors(edge) && <span className="refused-number">{toPercent(edge.clientErrorRatio)} 4xx</span>}
            <span>{toMs(edge.p95Ms)}</span>
          </>
        )}
      </span>
      <span className="edge-more">
        {breaker && breaker.state !== "closed" && <SwitchText breaker={breaker} />}
        {faults.map((fault) => (
          <FaultChip key={fault.id} fault={fault} />
        ))}
      </span>
    </button>
  );
}

function SwitchText({ breaker }: { breaker: Breaker }) {
  const now = useNow("tenth");
  return (
    <span className="switch-text" data-state={breaker.state}>
      {breaker.state === "open" && <strong>open</strong>}
      {toSwitchText(breaker, now)}
    </span>
  );
}
