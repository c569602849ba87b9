"use client";
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import type { Component } from "#contract/state.ts";
import { FaultChip } from "../faults/fault-chip.tsx";
import { uiStore, useUi } from "../live/ui-store.ts";
import { useComponent, useFaultsOn, useLive } from "../live/use-live.ts";
import { useNow } from "../live/use-now.ts";
import { HealthMark, lookColour } from "../ui/health-mark.tsx";
import { toMs, toPercent, toRate } from "../ui/to-text.ts";
import { KindIcon } from "./kind-icon.tsx";
import { useDimmed } from "./related-context.ts";
import { toGhostLines, toLook, toNodeLabel, toWord } from "./to-node.ts";

/** One component on the map. Subscribes to its own slice, so that numbers elsewhere leave it alone. */
export const NodeCard = memo(function NodeCard({ id }: NodeProps) {
  const component = useComponent(id);
  const faults = useFaultsOn(id);
  const dimmed = useDimmed(id);
  const selected = useUi((state) => state.selection?.id === id);
  const first = useLive((state) => state.shape.components[0]?.id);
  // One stop for Tab; from it the arrows lead on.
  const tabbable = useUi((state) => (state.roving.component ?? first) === id);
  if (!component) return null;
  const look = toLook(component);
  const small = component.kind === "database" || component.kind === "cache";
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className="card"
        data-testid={`node-${id}`}
        data-component-id={id}
        data-state={component.state}
        data-health={component.health}
        data-look={look}
        data-small={small}
        data-selected={selected}
        data-dimmed={dimmed}
        aria-label={toNodeLabel(component)}
        aria-pressed={selected}
        tabIndex={tabbable ? 0 : -1}
        title={component.reason ?? component.detail}
        onFocus={() => uiStore.setState((state) => ({ roving: { ...state.roving, component: id } }))}
        style={{ "--look": lookColour[look] } as React.CSSProperties}
      >
        <span className="card-head">
          <KindIcon kind={component.kind} />
          <span className="card-name">{id}</span>
        </span>
        <span className="card-word">
          <HealthMark look={look} />
          {toWord(component)}
        </span>
        {look === "ghost" ? (
          <Ghost component={component} small={small} />
        ) : (
          <Digits component={component} small={small} />
        )}
        {component.modules && <Modules names={component.modules} />}
      </button>
      {faults.length > 0 && (
        <div className="card-faults" data-dimmed={dimmed}>
          {faults.map((fault) => (
            <FaultChip key={fault.id} fault={fault} />
          ))}
        </div>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
});

function Modules({ names }: { names: string[] }) {
  return (
    <span className="card-modules">
      {names.map((name) => (
        <span key={name}>{name}</span>
      ))}
    </span>
  );
}

function Digits({ component, small }: { component: Component; small: boolean }) {
  const { ratePerSecond, errorRatio, p95Ms, state } = component;
  const quiet = state !== "running" && ratePerSecond === 0;
  return (
    <span className="card-digits" data-quiet={quiet}>
      <Digit value={toRate(ratePerSecond)} label={small ? "" : "rate"} />
      <Digit value={toPercent(errorRatio)} label={small ? "" : "errors"} bad={errorRatio > 0} />
      <Digit value={toMs(p95Ms)} label={small ? "" : "p95"} />
    </span>
  );
}

function Digit({ value, label, bad = false }: { value: string; label: string; bad?: boolean }) {
  return (
    <span className="digit" data-bad={bad}>
      {value}
      {label && <span className="digit-label">{label}</span>}
    </span>
  );
}

function Ghost({ component, small }: { component: Component; small: boolean }) {
  const now = useNow("second");
  const [what, how] = toGhostLines(component, now);
  return (
    <span className="card-ghost" data-small={small}>
      <strong>{what}</strong>
      <span>{how}</span>
    </span>
  );
}
