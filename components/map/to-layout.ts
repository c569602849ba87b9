import type { GraphShape } from "../live/live-state.ts";
import type { Point } from "./to-line.ts";
import { toCardSize } from "./to-node.ts";

/*
 * A layered layout for systems that bring none: callers left, callees right, one column a layer.
 *   1 layer   = longest way from a component that nobody calls (edges that close a circle are left out)
 *   2 order   = by the mean height of a node's callers, swept forth and back, so that lines cross little
 *   3 places  = columns side by side, each centred
 * Pure and without chance: the same shape gives the same picture on every machine.
 */

const COLUMN_GAP = 230;
const ROW_GAP = 56;
const SWEEPS = 6;

export function toLayout(shape: GraphShape): Record<string, Point> {
  const columns = toColumns(shape);
  order(columns, shape);
  const places: Record<string, Point> = {};
  const sizes = new Map(shape.components.map(({ id, kind, modules }) => [id, toCardSize(kind, modules)]));
  const size = (id: string) => sizes.get(id) ?? toCardSize("service");
  let x = 0;
  for (const column of columns) {
    const width = Math.max(0, ...column.map((id) => size(id).width));
    const height = column.reduce((sum, id) => sum + size(id).height + ROW_GAP, -ROW_GAP);
    let y = -height / 2;
    for (const id of column) {
      places[id] = { x: Math.round(x + (width - size(id).width) / 2), y: Math.round(y) };
      y += size(id).height + ROW_GAP;
    }
    x += width + COLUMN_GAP;
  }
  return places;
}

function toColumns({ components, edges }: GraphShape): string[][] {
  const known = new Set(components.map(({ id }) => id));
  const callees = new Map<string, string[]>();
  const called = new Set<string>();
  for (const { caller, callee } of edges) {
    if (caller === callee || !known.has(caller) || !known.has(callee)) continue;
    callees.set(caller, [...(callees.get(caller) ?? []), callee]);
    called.add(callee);
  }
  // A reverse postorder by depth-first search leaves back edges out; the longest way then needs one pass.
  const state = new Map<string, "open" | "done">();
  const forward: [string, string][] = [];
  const sorted: string[] = [];
  const visit = (id: string) => {
    state.set(id, "open");
    for (const callee of callees.get(id) ?? []) {
      if (state.get(callee) === "open") continue;
      forward.push([id, callee]);
      if (!state.has(callee)) visit(callee);
    }
    state.set(id, "done");
    sorted.unshift(id);
  };
  for (const { id } of components) if (!called.has(id) && !state.has(id)) visit(id);
  for (const { id } of components) if (!state.has(id)) visit(id);

  const layer = new Map<string, number>();
  for (const id of sorted) {
    const from = forward.filter(([, callee]) => callee === id).map(([caller]) => (layer.get(caller) ?? 0) + 1);
    layer.set(id, Math.max(0, ...from));
  }
  const columns: string[][] = [];
  for (const { id } of components) {
    const index = layer.get(id) ?? 0;
    while (columns.length <= index) columns.push([]);
    columns[index]?.push(id);
  }
  return columns;
}

function order(columns: string[][], { edges }: GraphShape): void {
  const place = new Map<string, number>();
  const note = () => {
    for (const column of columns) {
      for (const [index, id] of column.entries()) place.set(id, index - (column.length - 1) / 2);
    }
  };
  note();
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const down = sweep % 2 === 0;
    for (const column of down ? columns : [...columns].reverse()) {
      const weight = new Map(
        column.map((id) => {
          const near = edges
            .filter(({ caller, callee }) => (down ? callee : caller) === id)
            .map(({ caller, callee }) => place.get(down ? caller : callee) ?? 0);
          const own = place.get(id) ?? 0;
          return [id, near.length === 0 ? own : near.reduce((sum, value) => sum + value, 0) / near.length];
        }),
      );
      column.sort((a, b) => (weight.get(a) ?? 0) - (weight.get(b) ?? 0) || (a < b ? -1 : 1));
      note();
    }
  }
}
