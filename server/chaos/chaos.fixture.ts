import { vi } from "vitest";
import type { Fault } from "#contract/faults.ts";
import type { PolicyFile } from "#contract/policies.ts";
import type { LogEntry, System } from "#contract/state.ts";
import type { InterposedSystem, ServiceModel } from "../system/model.ts";

/* A system of three for tests: users ─▶ shop ─▶ bank. */

function service(id: string, more: Partial<ServiceModel> = {}): ServiceModel {
  return {
    id,
    kind: "service",
    context: null,
    client: false,
    process: ["node", `${id}.ts`],
    environment: {},
    ports: [3000],
    dependsOn: [],
    stopSignal: "SIGTERM",
    stopGraceMs: 1_000,
    ...more,
  };
}

function edge(caller: string, callee: string, index: number): InterposedSystem["edges"][number] {
  const address = `127.0.0.1:${20_000 + index}`;
  const id = `${caller}->${callee}`;
  return { id, caller, callee, port: 3000, protocol: "http", listen: address, address, upstream: `${callee}:3000` };
}

export const tinySystem: InterposedSystem = {
  model: {
    name: "Tiny",
    file: "/tiny/docker-compose.yml",
    services: [
      service("users", { kind: "client", client: true, environment: { SHOP_URL: "http://shop:3000" } }),
      service("shop", { environment: { BANK_URL: "http://bank:3000" } }),
      service("bank", { kind: "external" }),
    ],
  },
  edges: [edge("users", "shop", 0), edge("shop", "bank", 1)],
  environment: {},
  warnings: [],
  resets: [],
};

const breaker = {
  mode: "auto",
  rules: "resilience4j",
  windowCalls: 0,
  windowMs: 10_000,
  minimumCalls: 5,
  failureRatePercent: 50,
  slowCallMs: 800,
  slowRatePercent: 60,
  openMs: 6_000,
  permittedProbes: 3,
} as const;

export const tinyPolicies: PolicyFile = {
  default: "Hardened",
  faults: { shop: ["consumer_paused", "crash_before_ack"], users: ["load_burst"] },
  presets: {
    Hardened: {
      edges: { "shop->bank": { timeout: { enabled: true, timeoutMs: 800 }, circuitBreaker: breaker } },
      components: { users: { load: { ratePerSecond: 10 } } },
    },
    Naive: {
      edges: {
        "shop->bank": { timeout: { enabled: false, timeoutMs: 800 }, circuitBreaker: { ...breaker, mode: "disabled" } },
      },
      components: { users: { load: { ratePerSecond: 10 } } },
    },
  },
};

/** What the control plane told the topology. */
export function createTold() {
  const told = { faults: [] as Fault[], log: [] as string[], system: {} as Partial<System> };
  const topology = {
    setFaults: (faults: Fault[]) => {
      told.faults = faults;
    },
    log: ({ text }: Omit<LogEntry, "id" | "at">) => {
      told.log.push(text);
    },
    setSystem: (patch: Partial<System>) => {
      Object.assign(told.system, patch);
    },
    setPolicies: vi.fn(),
  };
  return { told, topology };
}
