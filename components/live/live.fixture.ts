import type { Component, Edge, Snapshot } from "#contract/state.ts";

/** Parts of a picture for tests: a running, healthy component. */
export function aComponent(id: string, change: Partial<Component> = {}): Component {
  return {
    id,
    kind: "service",
    context: null,
    state: "running",
    since: 0,
    restarts: 0,
    ratePerSecond: 10,
    errorRatio: 0,
    clientErrorRatio: 0,
    p95Ms: 40,
    health: "ok",
    ...change,
  };
}

export function anEdge(caller: string, callee: string, change: Partial<Edge> = {}): Edge {
  return {
    id: `${caller}->${callee}`,
    caller,
    callee,
    protocol: "http",
    ratePerSecond: 10,
    errorRatio: 0,
    clientErrorRatio: 0,
    p50Ms: 20,
    p95Ms: 40,
    p99Ms: 60,
    openConnections: 2,
    bytesPerSecond: 1_000,
    health: "ok",
    faults: [],
    ...change,
  };
}

export function aSnapshot(parts: { components: Component[]; edges: Edge[]; at?: number }): Snapshot {
  return {
    revision: 7,
    at: parts.at ?? 0,
    system: {
      name: "A system",
      runtime: "process",
      status: "running",
      message: "",
      agent: "up",
      unavailableActions: {},
      layout: {},
      presets: ["naive", "hardened"],
      preset: "hardened",
      loadRatePerSecond: 20,
      warnings: [],
      telemetry: { spansKept: 0, rejected: 0, dropped: 0 },
    },
    user: { successRatio: 1, p95Ms: 100, ratePerSecond: 20 },
    components: Object.fromEntries(parts.components.map((component) => [component.id, component])),
    edges: Object.fromEntries(parts.edges.map((edge) => [edge.id, edge])),
    faults: {},
    invariants: {},
    events: [],
  };
}
