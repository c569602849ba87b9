"use client";
import { ViewportPortal } from "@xyflow/react";
import type { Region } from "./to-regions.ts";

/** The bounded contexts, as soft grounds below lines and cards. */
export function Regions({ regions }: { regions: Region[] }) {
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
