import type { GraphShape } from "../live/live-state.ts";
import { type Line, type Rect, toLine } from "./to-line.ts";

/** Half the distance between the two lines of a pair that calls both ways, in map units. */
const SHIFT = 10;

/** Every edge's line; edges whose cards have no place yet have none. */
export function toLines({ edges }: GraphShape, rects: Record<string, Rect>): Record<string, Line> {
  const pairs = new Set(edges.map(({ caller, callee }) => `${caller} ${callee}`));
  const lines: Record<string, Line> = {};
  for (const { id, caller, callee } of edges) {
    const source = rects[caller];
    const target = rects[callee];
    if (!source || !target || caller === callee) continue;
    lines[id] = toLine(source, target, pairs.has(`${callee} ${caller}`) ? SHIFT : 0);
  }
  return lines;
}
