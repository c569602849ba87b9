import type { Snapshot } from "#contract/state.ts";
import type { Counters } from "../lib/counters.ts";

/** GET /metrics, Prometheus text format 0.0.4: the dashboard's own counters and a few gauges of the picture. */
export function toMetrics(counters: Counters, { components, faults, revision }: Snapshot, sockets: number): string {
  const all = Object.values(components);
  const gauges: [string, number][] = [
    ["faultline_sockets", sockets],
    ["faultline_components", all.length],
    ["faultline_components_running", all.filter(({ state }) => state === "running").length],
    ["faultline_faults", Object.keys(faults).length],
    ["faultline_revision", revision],
    ["process_uptime_seconds", Math.round(process.uptime())],
    ["process_resident_memory_bytes", process.memoryUsage.rss()],
  ];
  const lines: string[] = [];
  for (const [name, value] of gauges) lines.push(`# TYPE ${name} gauge`, `${name} ${value}`);
  let last = "";
  for (const [series, value] of counters.entries()) {
    const name = series.replace(/\{.*/, "");
    if (name !== last) lines.push(`# TYPE ${name} counter`);
    last = name;
    lines.push(`${series} ${value}`);
  }
  return `${lines.join("\n")}\n`;
}
