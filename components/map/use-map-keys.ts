"use client";
import { type KeyboardEvent, useCallback } from "react";
import { liveStore } from "../live/live-store.ts";
import { sendCommand } from "../live/send-command.ts";
import { openInspector, select, uiStore } from "../live/ui-store.ts";
import { type Direction, toNearest } from "./to-direction.ts";
import { type Line, pointAt, type Rect } from "./to-line.ts";

const directions: Record<string, Direction> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** The map's keys. They act on the card or line that has the focus, else on the selection. */
export function useMapKeys(rects: Record<string, Rect>, lines: Record<string, Line>, refit: () => void) {
  return useCallback(
    (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const focused = (event.target as Element).closest<HTMLElement>("[data-component-id], [data-edge-id]")?.dataset;
      const id = focused?.["componentId"] ?? focused?.["edgeId"] ?? uiStore.getState().selection?.id;
      const direction = directions[event.key];
      if (event.key === "f") refit();
      else if (!id) return;
      else if (direction) {
        const isEdge = id.includes("->");
        const next = isEdge
          ? toNearest(
              map(lines, (line) => pointAt(line, 0.5)),
              id,
              direction,
            )
          : toNearest(
              map(rects, ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 })),
              id,
              direction,
            );
        if (next) focusOn(next, isEdge);
      } else if (event.key === "Enter") openInspector(id);
      else if (event.key === "l") openLatency(id);
      else if (!act(event.key, id)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    [rects, lines, refit],
  );
}

function focusOn(id: string, isEdge: boolean): void {
  const attribute = isEdge ? "data-edge-id" : "data-component-id";
  document.querySelector<HTMLElement>(`button[${attribute}="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
  select(id);
}

/** Kill, pause and start on a component; false when the key means nothing there. */
function act(key: string, id: string): boolean {
  const component = liveStore.getState().components[id];
  if (!component) return false;
  if (key === "k") void sendCommand("component:kill", { component: id });
  else if (key === "s") void sendCommand("component:start", { component: id });
  else if (key === "p" && component.state === "paused") void sendCommand("component:unpause", { component: id });
  else if (key === "p") void sendCommand("component:pause", { component: id });
  else return false;
  return true;
}

/** On a line its own slider; on a component that of the busiest line towards it. */
function openLatency(id: string): void {
  const { edges } = liveStore.getState();
  const busiest = Object.values(edges)
    .filter(({ callee }) => callee === id)
    .sort((a, b) => b.ratePerSecond - a.ratePerSecond)[0];
  const edge = edges[id] ?? busiest;
  if (edge) openInspector(edge.id, "latency");
}

function map<A, B>(record: Record<string, A>, to: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([id, value]) => [id, to(value)]));
}
