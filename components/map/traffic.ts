/*
 * The dots on the lines: how many, how fast, which of them failed. Pure; traffic-canvas.tsx draws them.
 *
 *   edge numbers ─▶ emit (rate → dots) ─▶ dot { share 0→1 } ─▶ gone
 *                                        failed: a diamond 0→turn→0; turn is at the breaker when it refuses
 */

export type Dot = { edge: string; age: number; lifeMs: number; failed: boolean; turn: number };

export type Flow = {
  id: string;
  ratePerSecond: number;
  errorRatio: number;
  latencyMs: number;
  /** Share of the way at which failed calls turn back. */
  turn: number;
};

/** All edges together; beyond this nobody could tell one dot from the next. */
export const MAX_DOTS = 260;

/** Dots a second for a rate: true to it while it is small, then by its logarithm, at most 9. */
export function toDotRate(ratePerSecond: number): number {
  return ratePerSecond <= 2 ? ratePerSecond : Math.min(9, 2 + Math.log2(ratePerSecond / 2) * 1.4);
}

/** How long a dot is on its way: from 0.7 s for a fast answer to 6 s for one of ten seconds, on a log scale. */
export function toLifeMs(latencyMs: number): number {
  const share = Math.min(1, Math.max(0, Math.log10(Math.max(1, latencyMs)) / 4));
  return 700 + share * 5_300;
}

/** Moves all dots by `elapsedMs` and adds new ones. `random` gives numbers from 0 to 1. */
export function step(dots: Dot[], flows: Flow[], elapsedMs: number, random: () => number): Dot[] {
  const moving: Dot[] = [];
  for (const dot of dots) {
    dot.age += elapsedMs;
    if (dot.age < dot.lifeMs) moving.push(dot);
  }
  for (const flow of flows) {
    const expected = (toDotRate(flow.ratePerSecond) * elapsedMs) / 1000;
    if (moving.length >= MAX_DOTS || random() >= expected) continue;
    const failed = random() < flow.errorRatio;
    moving.push({ edge: flow.id, age: 0, lifeMs: toLifeMs(failed ? 300 : flow.latencyMs), failed, turn: flow.turn });
  }
  return moving;
}

/** Where on its line a dot is, 0 at the caller. */
export function toShare({ age, lifeMs, failed, turn }: Dot): number {
  const way = age / lifeMs;
  if (!failed) return way;
  return turn * (way < 0.5 ? way * 2 : 2 - way * 2);
}
