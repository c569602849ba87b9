import { randomUUID } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { STATS_INTERVAL_MS } from "#contract/agent-api.ts";
import { type Address, formatAddress } from "./address.ts";
import { refuseBrowsers, toControlRoutes } from "./control-api.ts";
import { createDashboardStream } from "./dashboard-stream.ts";
import { createEdges } from "./edges.ts";
import type { AgentAddresses } from "./env.ts";
import { createFaults } from "./faults.ts";
import { toIntakeRoutes } from "./intake-api.ts";
import { createOrphans } from "./orphans.ts";
import { createPolicies } from "./policies.ts";
import { createHandler } from "./routes.ts";

/*
 *   control port ──▶ control-api ──▶ edges ◀── faults ── flags ──▶ policies
 *                         │            └ stats ┐  └ events ┐
 *   dashboard ◀── dashboard-stream ◀───────────┴───────────┘
 *                         ▲ bytes untouched
 *   intake port ───▶ intake-api ──▶ policies ──▶ components
 */
export type Agent = {
  /** Resolves when both ports listen, with their real addresses. Rejects with the system's error. */
  listen(addresses: AgentAddresses): Promise<{ control: string; intake: string }>;
  close(): void;
};

const MAX_CONNECTIONS = { control: 200, intake: 2_000 } as const;
/** Longer than anyone here pauses between two requests, so that no kept-alive connection ends just as it is used. */
const KEEP_ALIVE_MS = 60_000;
/** A sender that is paused in the middle of a request does not hold what it has sent for longer. */
const REQUEST_MS = 10_000;

/** `onOrphaned` is called when no dashboard has come back and the system has been ended. */
export function createAgent(onOrphaned: () => void): Agent {
  const stream = createDashboardStream();
  const edges = createEdges();
  const policies = createPolicies();
  const faults = createFaults(edges, policies, stream.tell);
  const orphans = createOrphans(onOrphaned);
  const controlRoutes = toControlRoutes({ instance: randomUUID(), edges, faults, orphans, policies, stream });
  const control = toServer(createHandler(controlRoutes, refuseBrowsers), MAX_CONNECTIONS.control);
  const intake = toServer(createHandler(toIntakeRoutes(stream, policies)), MAX_CONNECTIONS.intake);
  const ticks = setInterval(() => stream.tick(edges.takeStats), STATS_INTERVAL_MS);

  return {
    async listen(addresses) {
      return { control: await listenOn(control, addresses.control), intake: await listenOn(intake, addresses.intake) };
    },
    close() {
      clearInterval(ticks);
      stream.close();
      faults.close();
      orphans.close();
      policies.close();
      edges.close();
      for (const server of [control, intake]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

function toServer(handler: RequestListener, maxConnections: number): Server {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_MS, noDelay: true }, handler);
  server.maxConnections = maxConnections;
  return server;
}

async function listenOn(server: Server, { host, port }: Address): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, resolve);
  });
  const bound = server.address() as AddressInfo;
  return formatAddress({ host: bound.address, port: bound.port });
}
