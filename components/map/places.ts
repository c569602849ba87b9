import type { GraphShape } from "../live/live-state.ts";
import { toLayout } from "./to-layout.ts";
import type { Point } from "./to-line.ts";
import { toCardSize } from "./to-node.ts";

export type Places = Record<string, Point>;

/**
 * Where each component stands: a drag wins over the system's layout file, which wins over the computed layout.
 * Components that the file does not name stand in rows below those that it does.
 */
export function toPlaces(shape: GraphShape, layout: Places, drags: Places): Places {
  const named = shape.components.filter(({ id }) => layout[id]);
  if (named.length === 0) return { ...toLayout(shape), ...keep(drags, shape) };
  const places: Places = {};
  const bottom = Math.max(
    ...named.map(({ id, kind, modules }) => (layout[id]?.y ?? 0) + toCardSize(kind, modules).height),
  );
  const left = Math.min(...named.map(({ id }) => layout[id]?.x ?? 0));
  let free = 0;
  for (const { id } of shape.components) {
    const own = layout[id];
    places[id] = own ?? { x: left + (free % 4) * 300, y: bottom + 90 + Math.floor(free / 4) * 160 };
    if (!own) free += 1;
  }
  return { ...places, ...keep(drags, shape) };
}

function keep(drags: Places, shape: GraphShape): Places {
  const known = new Set(shape.components.map(({ id }) => id));
  return Object.fromEntries(Object.entries(drags).filter(([id]) => known.has(id)));
}

/** Drags are kept per system in the browser's own storage. */
const toKey = (system: string) => `faultline.places.${system}`;

export function loadDrags(system: string): Places {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(toKey(system)) ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter(([, place]) => isPoint(place)));
  } catch {
    return {};
  }
}

export function saveDrags(system: string, drags: Places): void {
  try {
    localStorage.setItem(toKey(system), JSON.stringify(drags));
  } catch {
    // Storage may be refused or full: the drag then lasts as long as the page.
  }
}

function isPoint(value: unknown): value is Point {
  const point = value as Point | null;
  return typeof point === "object" && Number.isFinite(point?.x) && Number.isFinite(point?.y);
}
