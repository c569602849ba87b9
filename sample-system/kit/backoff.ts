/** How long to wait before the nth attempt (from 0) to get something back: 100 ms doubling to 2 s, ±25 % so that callers spread. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(2_000, 100 * 2 ** Math.min(attempt, 10));
  return base * (0.75 + random() / 2);
}
