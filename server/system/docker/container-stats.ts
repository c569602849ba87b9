import { createInterface } from "node:readline";
import type Docker from "dockerode";

export type Usage = { cpuRatio: number; memoryBytes: number };

/** Follows what a container uses, once a second, until it ends or the returned function is called. */
export function followStats(engine: Docker, container: string, onUsage: (usage: Usage) => void): () => void {
  let isClosed = false;
  let stream: (NodeJS.ReadableStream & { destroy?(): void }) | null = null;
  async function follow(): Promise<void> {
    stream = await engine.getContainer(container).stats({ stream: true });
    if (isClosed) stream.destroy?.();
    for await (const line of createInterface({ input: stream })) {
      const usage = toUsage(line);
      if (usage && !isClosed) onUsage(usage);
    }
  }
  // It has ended, or the engine has: its events tell that better.
  follow().catch(() => undefined);
  return () => {
    isClosed = true;
    stream?.destroy?.();
  };
}

/** One line of the engine's stats: share of one core, and memory without the page cache. Null where nothing was measured. */
export function toUsage(line: string): Usage | null {
  let stats: Docker.ContainerStats;
  try {
    stats = JSON.parse(line) as Docker.ContainerStats;
  } catch {
    return null;
  }
  const { cpu_stats: now, precpu_stats: before, memory_stats: memory } = stats;
  const used = (now?.cpu_usage?.total_usage ?? 0) - (before?.cpu_usage?.total_usage ?? 0);
  const passed = (now?.system_cpu_usage ?? 0) - (before?.system_cpu_usage ?? 0);
  if (!before?.system_cpu_usage || passed <= 0 || memory?.usage === undefined) return null;
  const cores = now.online_cpus || now.cpu_usage.percpu_usage?.length || 1;
  const details = memory.stats as Partial<Record<string, number>> | undefined;
  const cache = details?.inactive_file ?? details?.total_inactive_file ?? 0;
  return { cpuRatio: Math.max(0, (used / passed) * cores), memoryBytes: Math.max(0, memory.usage - cache) };
}
