/*
 * A straight line between two cards, from border to border:
 *
 *   ┌────────┐ from      at(0.5)        to ┌────────┐
 *   │ caller │───●───────────────────────▶│ callee │
 *   └────────┘                             └────────┘
 */

export type Rect = { x: number; y: number; width: number; height: number };
export type Point = { x: number; y: number };
export type Line = {
  from: Point;
  to: Point;
  length: number;
  /** Direction of travel in degrees, 0 to the right, clockwise. */
  angle: number;
  /** Where the label finds room: above and below a flat line, right of a steep one, on a slanted one. */
  run: "flat" | "steep" | "slanted";
};

/** `shift` moves the line sideways in map units: a caller and callee that also call back have two lines. */
export function toLine(source: Rect, target: Rect, shift = 0): Line {
  // Cards that overlap in one direction are joined by a line at right angles, which reads better than a slight slant.
  const a = toCentre(source);
  const b = toCentre(target);
  const x = toShared(source.x, source.width, target.x, target.width);
  const y = toShared(source.y, source.height, target.y, target.height);
  if (x !== null && y === null) a.x = b.x = x;
  else if (y !== null && x === null) a.y = b.y = y;
  const distance = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const unit = { x: (b.x - a.x) / distance, y: (b.y - a.y) / distance };
  const from = offset(toBorder(source, a, unit), unit, shift);
  const to = offset(toBorder(target, b, { x: -unit.x, y: -unit.y }), unit, shift);
  const degrees = (Math.atan2(unit.y, unit.x) * 180) / Math.PI;
  const slope = Math.abs(unit.y);
  return {
    from,
    to,
    length: Math.max(0, (to.x - from.x) * unit.x + (to.y - from.y) * unit.y),
    angle: degrees,
    run: slope < 0.2 ? "flat" : slope > 0.95 ? "steep" : "slanted",
  };
}

export function pointAt(line: Line, share: number): Point {
  return { x: line.from.x + (line.to.x - line.from.x) * share, y: line.from.y + (line.to.y - line.from.y) * share };
}

function toCentre({ x, y, width, height }: Rect): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Middle of what two spans share, if they share at least a third of the shorter one. */
function toShared(a: number, aSize: number, b: number, bSize: number): number | null {
  const start = Math.max(a, b);
  const end = Math.min(a + aSize, b + bSize);
  return end - start >= Math.min(aSize, bSize) / 3 ? (start + end) / 2 : null;
}

/** Where the ray from a point inside the rectangle leaves it. */
function toBorder(rect: Rect, inside: Point, unit: Point): Point {
  const right = unit.x > 0 ? rect.x + rect.width : rect.x;
  const bottom = unit.y > 0 ? rect.y + rect.height : rect.y;
  const acrossX = unit.x === 0 ? Number.POSITIVE_INFINITY : (right - inside.x) / unit.x;
  const acrossY = unit.y === 0 ? Number.POSITIVE_INFINITY : (bottom - inside.y) / unit.y;
  const reach = Math.min(acrossX, acrossY);
  return { x: inside.x + unit.x * reach, y: inside.y + unit.y * reach };
}

function offset(point: Point, unit: Point, shift: number): Point {
  return shift === 0 ? point : { x: point.x - unit.y * shift, y: point.y + unit.x * shift };
}
