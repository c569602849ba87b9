import { expect, test } from "vitest";
import { createPeerResolver } from "./peer-resolver.ts";
import { aSpan } from "./span.fixture.ts";

const edge = (caller: string, callee: string, protocol: string, address: string) => ({
  id: `${caller}->${callee}`,
  caller,
  callee,
  protocol,
  address,
});

const resolver = createPeerResolver();
resolver.load([
  edge("gateway", "catalog", "http", "agent:20000"),
  edge("ordering", "catalog", "http", "agent:20001"),
  edge("ordering", "ordering-db", "postgres", "127.0.0.1:20002"),
  edge("ordering", "rabbitmq", "amqp", "agent:20003"),
  edge("reports", "a-db", "postgres", "agent:20004"),
  edge("reports", "b-db", "postgres", "agent:20005"),
]);

test.each([
  ["current address attributes", "gateway", { "server.address": "agent", "server.port": 20000 }, "gateway->catalog"],
  ["old address attributes", "ordering", { "net.peer.name": "agent", "net.peer.port": "20001" }, "ordering->catalog"],
  [
    "localhost for 127.0.0.1",
    "ordering",
    { "server.address": "localhost", "server.port": 20002 },
    "ordering->ordering-db",
  ],
  ["the name of the peer", "ordering", { "peer.service": "catalog" }, "ordering->catalog"],
  ["the newer name of the peer", "ordering", { "service.peer.name": "rabbitmq" }, "ordering->rabbitmq"],
  ["the only broker", "ordering", { "messaging.system": "rabbitmq" }, "ordering->rabbitmq"],
  ["the only database", "ordering", { "db.system.name": "postgresql" }, "ordering->ordering-db"],
  ["one database of two", "reports", { "db.system": "postgresql" }, null],
  ["a listener of another caller", "gateway", { "server.address": "agent", "server.port": 20001 }, null],
  ["an address outside of the system", "gateway", { "server.address": "example.org", "server.port": 443 }, null],
  ["nothing", "gateway", {}, null],
])("resolves by %s", (_name, service, attributes, expected) => {
  const span = aSpan({ service, kind: "client", attributes: attributes as Record<string, string | number> });
  expect(resolver.edgeOf(span)?.id ?? null).toBe(expected);
});

test("a new system replaces the old one", () => {
  const changing = createPeerResolver();
  changing.load([edge("a", "b", "http", "x:1")]);
  changing.load([]);
  expect(changing.edgeOf(aSpan({ service: "a", attributes: { "peer.service": "b" } }))).toBeNull();
});
