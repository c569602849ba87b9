import type { GraphShape } from "../live/live-state.ts";
import type { Rect } from "./to-line.ts";

export type Region = Rect & { context: string };

const PADDING = 16;
/** Room for the context's name above its cards. */
const HEADING = 34;

/** One soft region around the cards of each bounded context. */
export function toRegions(shape: GraphShape, rects: Record<string, Rect>): Region[] {
  const contexts = new Map<string, Rect[]>();
  for (const { id, context } of shape.components) {
    const rect = rects[id];
    if (context && rect) contexts.set(context, [...(contexts.get(context) ?? []), rect]);
  }
  return [...contexts].map(([context, members]) => {
    const left = Math.min(...members.map((rect) => rect.x)) - PADDING;
    const top = Math.min(...members.map((rect) => rect.y)) - HEADING;
    const right = Math.max(...members.map((rect) => rect.x + rect.width)) + PADDING;
    const bottom = Math.max(...members.map((rect) => rect.y + rect.height)) + PADDING;
    return { context, x: left, y: top, width: right - left, height: bottom - top };
  });
}

/** Where the context's name is written, so that labels can keep off it. */
export function toHeading({ x, y, context }: Region): Rect {
  return { x: x + PADDING, y, width: context.length * 11, height: HEADING };
}

/** The smallest rectangle around all of them. */
export function toBounds(rects: Rect[]): Rect {
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  const width = Math.max(...rects.map((rect) => rect.x + rect.width)) - x;
  const height = Math.max(...rects.map((rect) => rect.y + rect.height)) - y;
  return { x, y, width, height };
}
