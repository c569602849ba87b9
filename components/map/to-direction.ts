import type { Point } from "./to-line.ts";

export type Direction = "left" | "right" | "up" | "down";

/**
 * The place nearest to `from` in a direction: within 60° of it, and what lies straight ahead before what lies aside.
 * null where nothing lies that way.
 */
export function toNearest(places: Record<string, Point>, from: string, direction: Direction): string | null {
  const origin = places[from];
  if (!origin) return null;
  let best: { id: string; cost: number } | null = null;
  for (const [id, { x, y }] of Object.entries(places)) {
    if (id === from) continue;
    const dx = x - origin.x;
    const dy = y - origin.y;
    const [ahead, aside] = {
      left: [-dx, dy],
      right: [dx, dy],
      up: [-dy, dx],
      down: [dy, dx],
    }[direction] as [number, number];
    if (ahead <= 0 || Math.abs(aside) > ahead * 1.75) continue;
    const cost = ahead + Math.abs(aside) * 2;
    if (!best || cost < best.cost) best = { id, cost };
  }
  return best?.id ?? null;
}
