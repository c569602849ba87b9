import { readProcessTable, readTreeMemory, toTree } from "./process-table.ts";

/** What one process tree uses. */
export type TreeUsage = { cpuRatio: number; memoryBytes: number };

/**
 * Measures process trees, each call since the call before: one look at the machine's processes serves all of them.
 * Nothing is said of a tree that was not there the time before.
 */
export function createProcessStats(): (roots: number[], atMs: number) => Map<number, TreeUsage> {
  let earlier = new Map<number, number>();
  let earlierAt = 0;
  return (roots, atMs) => {
    const table = readProcessTable();
    const rows = new Map(table.map((row) => [row.pid, row]));
    const seconds = (atMs - earlierAt) / 1_000;
    const usage = new Map<number, TreeUsage>();
    for (const root of roots) {
      const tree = toTree(root, table).filter((pid) => rows.has(pid));
      if (tree.length === 0) continue;
      const sum = (read: (pid: number) => number) => tree.reduce((total, pid) => total + read(pid), 0);
      const memoryBytes = readTreeMemory(tree) ?? sum((pid) => rows.get(pid)?.memoryBytes ?? 0);
      const measured = rows.get(root)?.cpuSeconds !== undefined;
      if (measured && !earlier.has(root)) continue;
      const used = (pid: number) => Math.max(0, (rows.get(pid)?.cpuSeconds ?? 0) - (earlier.get(pid) ?? 0));
      const cpuRatio = measured ? sum(used) / seconds : sum((pid) => rows.get(pid)?.cpuRatio ?? 0);
      usage.set(root, { cpuRatio, memoryBytes });
    }
    earlier = new Map(
      table.flatMap((row): [number, number][] => (row.cpuSeconds === undefined ? [] : [[row.pid, row.cpuSeconds]])),
    );
    earlierAt = atMs;
    return usage;
  };
}
