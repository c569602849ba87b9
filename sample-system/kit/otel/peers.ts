/**
 * Who stands behind an address, so that a client span names its callee (`peer.service`) whatever proxy is between.
 * Filled by whoever opens a connection; as many entries as a service has callees.
 */
const peers = new Map<string, string>();

export function namePeer(url: string, name: string) {
  const { hostname, port, protocol } = new URL(url);
  peers.set(`${hostname}:${port || defaultPorts[protocol] || ""}`, name);
}

export function peerAt(host: string | null | undefined, port: string | number | null | undefined): string | undefined {
  return peers.get(`${host}:${port}`);
}

const defaultPorts: Record<string, string> = {
  "http:": "80",
  "postgres:": "5432",
  "amqp:": "5672",
  "redis:": "6379",
  "grpc:": "50051",
};
