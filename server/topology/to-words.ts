/** Figures as the map's reasons and the event list write them. */

export function toDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** One digit behind the point where that says something. */
export function toPercent(ratio: number): string {
  const percent = ratio * 100;
  return `${percent >= 9.95 || percent === 0 ? Math.round(percent) : percent.toFixed(1)} %`;
}

export function toArrow(caller: string, callee: string): string {
  return `${caller}→${callee}`;
}
