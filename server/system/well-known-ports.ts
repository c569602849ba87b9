import type { ComponentKind } from "#contract/state.ts";

/** What a URL scheme speaks, and the port it means when it names none; null where a scheme has no port of its own. */
const schemes: Record<string, { protocol: string; port: number } | null> = {
  http: { protocol: "http", port: 80 },
  https: { protocol: "https", port: 443 },
  ws: { protocol: "http", port: 80 },
  wss: { protocol: "https", port: 443 },
  grpc: { protocol: "grpc", port: 50_051 },
  grpcs: { protocol: "grpcs", port: 443 },
  dns: { protocol: "grpc", port: 50_051 },
  passthrough: { protocol: "grpc", port: 50_051 },
  postgres: { protocol: "postgres", port: 5432 },
  postgresql: { protocol: "postgres", port: 5432 },
  mysql: { protocol: "mysql", port: 3306 },
  mariadb: { protocol: "mysql", port: 3306 },
  mongodb: { protocol: "mongodb", port: 27_017 },
  redis: { protocol: "redis", port: 6379 },
  rediss: { protocol: "rediss", port: 6379 },
  valkey: { protocol: "redis", port: 6379 },
  amqp: { protocol: "amqp", port: 5672 },
  amqps: { protocol: "amqps", port: 5671 },
  nats: { protocol: "nats", port: 4222 },
  kafka: { protocol: "kafka", port: 9092 },
  mqtt: { protocol: "mqtt", port: 1883 },
  memcached: { protocol: "memcached", port: 11_211 },
  tcp: null,
};

const protocolsByPort = new Map(
  Object.values(schemes)
    .flatMap((scheme): [number, string][] => (scheme ? [[scheme.port, scheme.protocol]] : []))
    .reverse(),
);

/** Schemes that name no machine, whatever stands after them. */
const machineless = new Set(["file", "unix", "data", "jar", "sqlite"]);

/** Those whose other end shows a certificate for its own name, which a listener in between does not bear. */
const encrypted = new Set(["https", "grpcs", "rediss", "amqps"]);

/** `postgresql+asyncpg` speaks what `postgresql` speaks; undefined for a scheme that nobody here knows. */
export function toScheme(name: string): { protocol: string; port: number } | null | undefined {
  return schemes[name.toLowerCase().split("+")[0] ?? ""];
}

export function namesNoMachine(scheme: string): boolean {
  return machineless.has(scheme.toLowerCase().split("+")[0] ?? "");
}

export function isEncrypted(protocol: string): boolean {
  return encrypted.has(protocol);
}

export function isWellKnown(port: number): boolean {
  return protocolsByPort.has(port);
}

/** What is probably spoken at a port where no scheme says it. */
export function inferProtocol(variable: string, port: number, callee: ComponentKind): string {
  if (/GRPC/i.test(variable)) return "grpc";
  const known = protocolsByPort.get(port);
  if (known) return known;
  return callee === "service" || callee === "gateway" || callee === "external" ? "http" : "tcp";
}
