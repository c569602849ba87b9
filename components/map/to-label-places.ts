import { type Line, pointAt, type Rect } from "./to-line.ts";

/**
 * Where on its line each label stands, as a share of the way: the middle if it is free, else the nearest place where it
 * covers the least of cards, headings and other labels. Depends on places only, so no label moves while its numbers change.
 */
export type LabelBox = { width: number; height: number };

/** Beyond this many lines labels stay in the middle: comparing each with each would be felt at every drag. */
const MAX_COMPARED = 400;
const ROUNDS = 3;
const SHARES = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74];
/** Room for label and line's direction: a flat line's label lies on both sides of it, a steep one's to the right. */
const BESIDE = 14;

export function toLabelPlaces(
  lines: Record<string, Line>,
  boxes: Record<string, LabelBox>,
  obstacles: Rect[],
): Record<string, number> {
  const ids = Object.keys(lines);
  if (ids.length > MAX_COMPARED) return Object.fromEntries(ids.map((id) => [id, 0.5]));
  const places: Record<string, number> = {};
  const taken = new Map<string, Rect>();
  // Short lines have the least choice and go first; the later rounds let them make room for the others.
  const inTurn = ids.sort((a, b) => (lines[a]?.length ?? 0) - (lines[b]?.length ?? 0));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const id of inTurn) {
      const line = lines[id];
      const box = boxes[id];
      if (!line || !box) continue;
      taken.delete(id);
      const best = toBestPlace(line, box, [...obstacles, ...taken.values()]);
      places[id] = best.share;
      taken.set(id, best.rect);
    }
  }
  return places;
}

function toBestPlace(line: Line, box: LabelBox, others: Rect[]): { share: number; rect: Rect } {
  let best = { cost: Number.POSITIVE_INFINITY, share: 0.5, rect: toLabelRect(line, 0.5, box) };
  for (const share of SHARES) {
    const rect = toLabelRect(line, share, box);
    const covered = others.reduce((sum, other) => sum + toOverlap(rect, other), 0);
    const cost = covered + Math.abs(share - 0.5) * 200;
    if (cost < best.cost) best = { cost, share, rect };
  }
  return best;
}

export function toLabelRect(line: Line, share: number, { width, height }: LabelBox): Rect {
  const { x, y } = pointAt(line, share);
  const left = line.run === "steep" ? x + BESIDE : x - width / 2;
  return { x: left, y: y - height / 2, width, height };
}

function toOverlap(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}
