import type { StoredSpan } from "./span.ts";

/** One interposed edge: `address` is host:port as the caller reaches the agent's listener for it. */
type PeerEdge = { id: string; caller: string; callee: string; protocol: string; address: string };

/*
 * Which edge a client, producer or consumer span belongs to, without waiting for the other half of the call:
 *
 *   named peer (service.peer.name, peer.service) ─▶ address (server.address:server.port) ─▶ the caller's only edge of
 *   that kind (db.system, messaging.system) ─▶ null
 */
export type PeerResolver = {
  load(edges: readonly PeerEdge[]): void;
  edgeOf(span: StoredSpan): PeerEdge | null;
};

/** Protocols of compose files by what the conventions call the system. */
const protocols: Record<string, string> = {
  postgresql: "postgres",
  postgres: "postgres",
  redis: "redis",
  valkey: "redis",
  rabbitmq: "amqp",
  amqp: "amqp",
  activemq: "amqp",
};

export function createPeerResolver(): PeerResolver {
  const byName = new Map<string, PeerEdge>();
  const byAddress = new Map<string, PeerEdge>();
  /** null where the caller has several. */
  const byProtocol = new Map<string, PeerEdge | null>();

  return {
    load(edges) {
      byName.clear();
      byAddress.clear();
      byProtocol.clear();
      for (const edge of edges) {
        const name = `${edge.caller} ${edge.callee}`;
        if (!byName.has(name)) byName.set(name, edge);
        byAddress.set(`${edge.caller} ${toAddress(edge.address)}`, edge);
        const kind = `${edge.caller} ${edge.protocol}`;
        byProtocol.set(kind, byProtocol.has(kind) ? null : edge);
      }
    },
    edgeOf({ service, attributes }) {
      const peer = attributes["service.peer.name"] ?? attributes["peer.service"];
      const named = peer === undefined ? undefined : byName.get(`${service} ${peer}`);
      if (named !== undefined) return named;

      const host = attributes["server.address"] ?? attributes["net.peer.name"] ?? attributes["net.peer.ip"];
      const port = attributes["server.port"] ?? attributes["net.peer.port"];
      const placed = byAddress.get(`${service} ${toAddress(`${host}:${port}`)}`);
      if (placed !== undefined) return placed;

      const system =
        attributes["db.system.name"] ?? attributes["db.system"] ?? attributes["messaging.system"] ?? undefined;
      if (system === undefined) return null;
      return byProtocol.get(`${service} ${protocols[String(system)] ?? system}`) ?? null;
    },
  };
}

function toAddress(address: string): string {
  return address.toLowerCase().replace(/^(localhost|\[?::1\]?):/, "127.0.0.1:");
}
