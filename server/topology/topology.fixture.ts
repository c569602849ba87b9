import type { EdgeStats } from "#contract/agent-api.ts";
import type { Breaker } from "#contract/breaker.ts";
import { toBucket } from "#contract/log-linear.ts";
import type { InterposedEdge, InterposedSystem, ServiceModel } from "../system/model.ts";
import { createTopology } from "./create-topology.ts";

export const T0 = 1_760_000_000_000;

export function aService(id: string, patch: Partial<ServiceModel> = {}): ServiceModel {
  return {
    id,
    kind: "service",
    context: null,
    client: false,
    process: null,
    environment: {},
    ports: [],
    dependsOn: [],
    stopSignal: "SIGTERM",
    stopGraceMs: 1_000,
    ...patch,
  };
}

export function anEdge(caller: string, callee: string, protocol = "http", port = 20_000): InterposedEdge {
  const address = `agent:${port}`;
  return { id: `${caller}->${callee}`, caller, callee, port: 3_000, protocol, listen: address, address, upstream: "" };
}

export function aSystem(services: ServiceModel[], edges: InterposedEdge[]): InterposedSystem {
  return { model: { name: "shop", file: "/shop.yml", services }, edges, environment: {}, warnings: [], resets: [] };
}

/** load → gateway → ordering → { ordering-db, rabbitmq } */
const shop = aSystem(
  [
    aService("load", { kind: "client", client: true }),
    aService("gateway", { kind: "gateway", context: "edge" }),
    aService("ordering", { context: "Ordering" }),
    aService("ordering-db", { kind: "database" }),
    aService("rabbitmq", { kind: "broker" }),
  ],
  [
    anEdge("load", "gateway", "http", 20_000),
    anEdge("gateway", "ordering", "http", 20_001),
    anEdge("ordering", "ordering-db", "postgres", 20_002),
    anEdge("ordering", "rabbitmq", "amqp", 20_003),
  ],
);

/** `latency` in ms: [[20, 5]] is five requests of 20 ms; `requests` is their number where it is not told. */
export function someStats(
  id: string,
  { latencyMs = [], ...patch }: Partial<EdgeStats> & { latencyMs?: [ms: number, count: number][] } = {},
): EdgeStats {
  return {
    id,
    openConnections: 1,
    connections: 0,
    connectErrors: 0,
    bytesUp: 0,
    bytesDown: 0,
    requests: latencyMs.reduce((sum, [, count]) => sum + count, 0),
    clientErrors: 0,
    serverErrors: 0,
    unanswered: 0,
    latency: latencyMs.map(([ms, count]) => [toBucket(ms * 1_000), count]),
    inFlight: 0,
    oldestMs: 0,
    ...patch,
  };
}

export function aBreaker(state: Breaker["state"], since: number, patch: Partial<Breaker> = {}): Breaker {
  return {
    name: "gateway->ordering",
    state,
    since,
    reason: state === "open" ? "opened: 14 of 20 failed, threshold 50 %" : "closed: 3 of 3 probes succeeded",
    calls: 20,
    failures: 14,
    slow: 0,
    minimumCalls: 5,
    failureRatePercent: 50,
    slowRatePercent: 60,
    slowCallMs: 800,
    windowMs: 10_000,
    refused: 0,
    permittedProbes: 3,
    ...patch,
  };
}

/** A topology of `shop` under a clock of its own, and its picture after a delta was taken. */
export function createScene() {
  let nowMs = T0;
  const topology = createTopology({ now: () => nowMs });
  topology.load(shop);
  return {
    topology,
    now: () => nowMs,
    wait(ms: number) {
      nowMs += ms;
    },
    state(component: string, state: "running" | "killed" | "starting" | "stopped" | "paused", exitCode?: number) {
      topology.onRuntimeEvent({
        type: "state",
        component,
        at: nowMs,
        state,
        ...(exitCode !== undefined && { exitCode }),
      });
    },
    allRun() {
      for (const { id } of shop.model.services) this.state(id, "running");
    },
    /** Ordinary traffic: ten requests of 20 ms a second on each HTTP edge, told five times a second. */
    calmFor(seconds: number) {
      for (let step = 0; step < seconds * 5; step++) {
        nowMs += 200;
        const latencyMs: [number, number][] = [[20, 2]];
        topology.onEdgeStats(
          nowMs,
          ["load->gateway", "gateway->ordering"].map((id) => someStats(id, { latencyMs })),
        );
        topology.takeDelta();
      }
    },
    look() {
      topology.takeDelta();
      return topology.snapshot();
    },
  };
}
