/** Most different series kept; a further one is dropped, so that a label can never fill the memory. */
const MAX_SERIES = 500;

/** Monotonic counters by name and labels, as GET /metrics shows them. Names and labels come from closed lists. */
export function createCounters() {
  const series = new Map<string, number>();
  return {
    add(name: string, labels: Record<string, string> = {}, by = 1): void {
      const text = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
      const id = text.length === 0 ? name : `${name}{${text.join(",")}}`;
      if (!series.has(id) && series.size >= MAX_SERIES) return;
      series.set(id, (series.get(id) ?? 0) + by);
    },
    entries: (): [series: string, value: number][] => [...series].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}
export type Counters = ReturnType<typeof createCounters>;
