import net, { type Server, type Socket } from "node:net";
import type { AgentEdge, EdgeStats } from "#contract/agent-api.ts";
import { formatAddress, parseAddress } from "./address.ts";
import { type Connection, createConnection, type Direction } from "./connection.ts";
import { createEdgeCounter } from "./edge-stats.ts";
import { createRolls, type PlacedHttpFault } from "./http-faults/rolls.ts";
import { createHttpTap } from "./http-tap.ts";
import { createInOrder } from "./in-order.ts";
import { createRandom } from "./seeded-random.ts";
import type { Toxic } from "./toxics/toxic.ts";

/*
 * One edge: its listener, its open connections, the toxics and HTTP faults in force, its counts.
 *
 *   caller ──▶ listener ──▶ connection ──▶ upstream
 *                 │              │ └ a stage for each toxic that hits it
 *                 │              └ rolls, shared by all, for each of its requests
 *                 └ closed while a toxic that acts on the listener holds
 */

/** A toxic with its settings as they are now. */
export type PlacedToxic = {
  id: string;
  toxic: Toxic;
  settings: unknown;
  stream: Direction;
  /** Share of connections hit, rolled once per connection in the order in which it meets them. */
  rate: number;
  seed: number;
};

export type EdgeListener = {
  readonly edge: AgentEdge;
  /** host:port with the real port; the one asked for until it listens. */
  readonly listen: string;
  /** Opens the listener, unless a toxic keeps it closed. Rejects with the system's error. */
  open(): Promise<void>;
  /** Resolves when it is in force on open and new connections; an HTTP fault from their next request on. */
  place(placed: PlacedToxic | PlacedHttpFault): Promise<void>;
  change(id: string, settings: unknown): void;
  /** Resolves when connections pass without it. */
  remove(id: string): Promise<void>;
  readonly toxics: PlacedToxic[];
  readonly httpFaults: PlacedHttpFault[];
  takeStats(): EdgeStats | null;
  close(): void;
};

type InForce = PlacedToxic & { met: number };

const BACKLOG = 511;
/** Someone else took the port while the listener was closed: tried again until it is free or the edge is closed. */
const REOPEN_MS = 250;
/** Any odd constant that spreads the seeds of one toxic's connections. */
const SEED_STEP = 0x9e3779b1;

export function createEdgeListener(edge: AgentEdge): EdgeListener {
  const counter = createEdgeCounter(edge.id);
  const upstream = parseAddress(edge.upstream);
  const address = parseAddress(edge.listen);
  const connections = new Set<Connection>();
  const toxics = new Map<string, InForce>();
  const rolls = createRolls();
  const inOrder = createInOrder();
  let server: Server | null = null;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  function accept(caller: Socket): void {
    const tap = edge.protocol === "http" ? createHttpTap(counter) : null;
    const onClosed = () => connections.delete(connection);
    const connection = createConnection({ caller, upstream, counter, tap, onClosed });
    connections.add(connection);
    if (rolls.any) connection.obey(rolls);
    for (const toxic of toxics.values()) hit(connection, toxic);
  }

  function hit(connection: Connection, placed: InForce): void {
    const { toxic } = placed;
    if (toxic.acts !== "on_link") return;
    const random = createRandom(placed.seed + Math.imul(placed.met++, SEED_STEP));
    if (random() >= placed.rate) return;
    connection.insert(placed.stream, placed.id, (outlet) => toxic.createStage(placed.settings, outlet, random));
  }

  function keptClosed(): boolean {
    return closed || [...toxics.values()].some(({ toxic }) => toxic.acts === "on_listener");
  }

  /** Makes the listener as the toxics want it. */
  async function settle(): Promise<void> {
    if (keptClosed()) {
      server?.close();
      server = null;
      for (const connection of connections) connection.close();
    } else if (server === null) {
      server = await listenOn(address, accept);
      // From now on this port, also after it was closed for a while.
      address.port = (server.address() as net.AddressInfo).port;
      if (keptClosed()) await settle();
    }
  }

  async function reopen(): Promise<void> {
    clearTimeout(retry);
    await inOrder(settle).catch((error: Error) => {
      process.stderr.write(`${edge.id}: ${error.message}; trying again\n`);
      retry = setTimeout(() => void reopen(), REOPEN_MS);
    });
  }

  return {
    edge,
    get listen() {
      return formatAddress(address);
    },
    open: () => inOrder(settle),
    async place(asked) {
      if ("httpFault" in asked) {
        rolls.place(asked);
        for (const connection of connections) connection.obey(rolls);
        return;
      }
      const placed = { ...asked, met: 0 };
      toxics.set(asked.id, placed);
      if (asked.toxic.acts === "on_listener") return await inOrder(settle);
      for (const connection of connections) hit(connection, placed);
    },
    change(id, settings) {
      rolls.change(id, settings);
      const placed = toxics.get(id);
      if (placed) placed.settings = settings;
      for (const connection of connections) connection.change(id, settings);
    },
    async remove(id) {
      const placed = toxics.get(id);
      rolls.remove(id);
      toxics.delete(id);
      if (placed?.toxic.acts === "on_listener") return await reopen();
      for (const connection of connections) connection.remove(id);
    },
    get toxics() {
      return [...toxics.values()];
    },
    get httpFaults() {
      return rolls.placed;
    },
    takeStats() {
      let inFlight = 0;
      let oldestAt = Number.POSITIVE_INFINITY;
      for (const { tap } of connections) {
        inFlight += tap?.inFlight ?? 0;
        oldestAt = Math.min(oldestAt, tap?.oldestAt ?? oldestAt);
      }
      const oldestMs = inFlight > 0 ? Math.round(performance.now() - oldestAt) : 0;
      const stats = counter.take({ connections: connections.size, inFlight, oldestMs });
      return stats && rolls.any ? { ...stats, httpFaults: rolls.measured } : stats;
    },
    close() {
      closed = true;
      clearTimeout(retry);
      server?.close();
      server = null;
      for (const connection of connections) connection.close();
    },
  };
}

async function listenOn(address: net.ListenOptions, accept: (caller: Socket) => void): Promise<Server> {
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, accept);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...address, backlog: BACKLOG }, resolve);
  });
  server.removeAllListeners("error");
  // A connection that could not be accepted (no file descriptors left); the next one may.
  server.on("error", (error) => process.stderr.write(`accept: ${error.message}\n`));
  return server;
}
