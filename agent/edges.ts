import type { AgentEdge, AgentEdgesAnswer, EdgeStats } from "#contract/agent-api.ts";
import { parseAddress } from "./address.ts";
import { AgentError } from "./agent-error.ts";
import { createEdgeListener, type EdgeListener } from "./edge-listener.ts";
import { createInOrder } from "./in-order.ts";

/** All edges, set as a whole: what is new is opened, what is missing closed, what is unchanged left alone. */
export type Edges = {
  /** Throws bad_request before anything is touched. An edge that cannot listen has an `error` in the answer. */
  set(wanted: AgentEdge[]): Promise<AgentEdgesAnswer>;
  get(id: string): EdgeListener | undefined;
  isUpstream(address: string): boolean;
  takeStats(): EdgeStats[];
  close(): void;
};

export function createEdges(): Edges {
  const listeners = new Map<string, EdgeListener>();
  const inOrder = createInOrder();

  async function replace(wanted: AgentEdge[]): Promise<AgentEdgesAnswer> {
    const byId = new Map(wanted.map((edge) => [edge.id, edge]));
    const replaced = new Map<string, EdgeListener>();
    // All ports are given up before any is taken: two edges may swap theirs.
    for (const [id, listener] of listeners) {
      if (isSame(listener.edge, byId.get(id))) continue;
      listener.close();
      listeners.delete(id);
      replaced.set(id, listener);
    }
    const edges = await Promise.all(wanted.map((edge) => open(edge, replaced.get(edge.id))));
    return { edges };
  }

  async function open(edge: AgentEdge, before: EdgeListener | undefined): Promise<AgentEdgesAnswer["edges"][number]> {
    const kept = listeners.get(edge.id);
    if (kept) return { id: edge.id, listen: kept.listen };
    const listener = createEdgeListener(edge);
    // Its faults hold on, so they are there before the first connection is.
    for (const placed of before ? [...before.toxics, ...before.httpFaults] : []) await listener.place(placed);
    try {
      await listener.open();
    } catch (error) {
      listener.close();
      return { id: edge.id, listen: edge.listen, error: error instanceof Error ? error.message : String(error) };
    }
    listeners.set(edge.id, listener);
    return { id: edge.id, listen: listener.listen };
  }

  return {
    set(wanted) {
      check(wanted);
      return inOrder(() => replace(wanted));
    },
    get: (id) => listeners.get(id),
    isUpstream: (address) => [...listeners.values()].some(({ edge }) => edge.upstream === address),
    takeStats: () => [...listeners.values()].map((listener) => listener.takeStats()).filter((stats) => stats !== null),
    close() {
      for (const listener of listeners.values()) listener.close();
      listeners.clear();
    },
  };
}

function isSame(edge: AgentEdge, other: AgentEdge | undefined): boolean {
  return edge.listen === other?.listen && edge.upstream === other.upstream && edge.protocol === other.protocol;
}

function check(wanted: AgentEdge[]): void {
  const seen = new Set<string>();
  for (const { id, listen, upstream } of wanted) {
    if (seen.has(id)) throw new AgentError("bad_request", `The edge ${id} is named twice.`);
    seen.add(id);
    parseAddress(listen);
    parseAddress(upstream);
  }
}
