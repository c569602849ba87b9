import { tinyPolicies, tinySystem } from "../../server/chaos/chaos.fixture.ts";
import { createSystem } from "../../server/chaos/create-system.ts";
import { createServer } from "../../server/create-server.ts";
import { createTelemetryIntake } from "../../server/http/telemetry-intake.ts";
import { createCounters } from "../../server/lib/counters.ts";
import { silentLogger } from "../../server/lib/logger.ts";
import { createHandlers } from "../../server/live/handlers.ts";
import { createRunCommand } from "../../server/live/run-command.ts";
import { createSpanStore } from "../../server/telemetry/span-store.ts";
import { createTopology } from "../../server/topology/create-topology.ts";
import { createFakeRuntime } from "./fake-runtime.ts";

/** Nobody drives this system's load, so none is asked for. */
const quietPolicies = structuredClone(tinyPolicies);
for (const { components } of Object.values(quietPolicies.presets)) components.users = { load: { ratePerSecond: 0 } };

type DashboardParts = {
  key?: string | null;
  /** Components that can reset themselves, and where they all are. */
  reset?: string[];
  upstream?: string;
};

/** The whole dashboard without a UI, in this process on a free port, over a fake runtime and a real agent. */
export async function startDashboard({ key = null, reset, upstream }: DashboardParts = {}) {
  const fake = createFakeRuntime(upstream);
  const topology = createTopology();
  const counters = createCounters();
  const spans = createSpanStore();
  const intake = createTelemetryIntake({ spans, topology, counters });
  const system = createSystem({
    model: { ...tinySystem.model, ...(reset && { reset }) },
    layout: { shop: { x: 1, y: 2 } },
    policyFile: quietPolicies,
    topology,
    chooseRuntime: async () => ({ runtime: fake.runtime, why: "for a test" }),
    onOtlp: intake.takeRelayed,
  });
  const server = createServer({
    host: "127.0.0.1",
    port: 0,
    key,
    topology,
    traces: spans,
    logs: system.logs,
    runCommand: createRunCommand(createHandlers(system), counters, silentLogger),
    intake,
    counters,
    logger: silentLogger,
  });
  const port = await server.listen();
  await system.start();
  return {
    fake,
    url: `http://127.0.0.1:${port}`,
    async close() {
      await server.close();
      await system.stop();
    },
  };
}
export type Dashboard = Awaited<ReturnType<typeof startDashboard>>;
