"use client";
import { EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { openInspector, select, useUi } from "../live/ui-store.ts";
import { useEdge } from "../live/use-live.ts";
import { BreakerSwitch, toSwitchPlace } from "./breaker-switch.tsx";
import { EdgeLabel } from "./edge-label.tsx";
import { useDimmed } from "./related-context.ts";
import { isMessaging, isQuiet, toThickness } from "./to-edge.ts";
import { type Line, pointAt } from "./to-line.ts";

/** Half the room that the breaker's switch takes in the line, map units. */
const SWITCH_HALF = 21;
const ARROW = 11;

/** One dependency: the line, the breaker in it, and the label beside it. */
export const EdgeLine = memo(function EdgeLine({ id, data }: EdgeProps) {
  const { line, labelAt } = data as { line: Line; labelAt: number };
  const edge = useEdge(id);
  const dimmed = useDimmed(id);
  const selected = useUi((state) => state.selection?.id === id);
  if (!edge) return null;
  const quiet = isQuiet(edge.protocol);
  const width = toThickness(edge.ratePerSecond, quiet);
  const place = toSwitchPlace(line);
  const tip = pointAt(line, 1 - (ARROW * 0.6) / Math.max(1, line.length));
  const cut = (share: number) => pointAt(line, share);
  const half = SWITCH_HALF / Math.max(1, line.length);
  const parts = edge.breaker
    ? [toPath(line.from, cut(place - half)), toPath(cut(place + half), tip)]
    : [toPath(line.from, tip)];
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the same is done from the label, which is a button */}
      <g
        className="edge"
        data-edge-id={id}
        data-health={edge.health}
        data-quiet={quiet}
        data-messaging={isMessaging(edge.protocol)}
        data-selected={selected}
        data-dimmed={dimmed}
        data-idle={edge.ratePerSecond === 0}
        onClick={() => select(id)}
        onDoubleClick={() => openInspector(id)}
      >
        <path className="edge-hit" d={toPath(line.from, line.to)} />
        {selected && <path className="edge-halo" d={toPath(line.from, tip)} strokeWidth={width + 8} />}
        {parts.map((path) => (
          <path key={path} className="edge-stroke" d={path} strokeWidth={width} />
        ))}
        <path
          className="edge-arrow"
          d={`M0 0 L${-ARROW - width} ${-(ARROW * 0.45 + width * 0.6)} L${-ARROW - width} ${ARROW * 0.45 + width * 0.6}z`}
          transform={`translate(${line.to.x} ${line.to.y}) rotate(${line.angle})`}
        />
        {edge.breaker && <BreakerSwitch breaker={edge.breaker} line={line} half={SWITCH_HALF} />}
      </g>
      <EdgeLabelRenderer>
        <EdgeLabel edge={edge} line={line} at={labelAt} quiet={quiet} dimmed={dimmed} selected={selected} />
      </EdgeLabelRenderer>
    </>
  );
});

function toPath(from: { x: number; y: number }, to: { x: number; y: number }): string {
  return `M${from.x} ${from.y}L${to.x} ${to.y}`;
}
