"use client";
import { ViewportPortal } from "@xyflow/react";
import { useMemo } from "react";
import type { GraphShape } from "../live/live-state.ts";
import type { Rect } from "./to-line.ts";
import { toRegions } from "./to-regions.ts";

/** The bounded contexts, as soft grounds below lines and cards. */
export function Regions({ shape, rects }: { shape: GraphShape; rects: Record<string, Rect> }) {
  const regions = useMemo(() => toRegions(shape, rects), [shape, rects]);
  return (
    <ViewportPortal>
      {regions.map(({ context, x, y, width, height }) => (
        <div key={context} className="region" style={{ transform: `translate(${x}px, ${y}px)`, width, height }}>
          {context}
        </div>
      ))}
    </ViewportPortal>
  );
}
