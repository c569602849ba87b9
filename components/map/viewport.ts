import type { Viewport } from "@xyflow/react";

let kept: Viewport | undefined;

/** Pan and zoom outlive a visit to the traces: the map is fitted once, at its first load. */
export function keepViewport(viewport: Viewport): void {
  kept = viewport;
}

export function keptViewport(): Viewport | undefined {
  return kept;
}
