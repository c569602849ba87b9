import { fileURLToPath } from "node:url";
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

/** A service as its .proto file says, for callers and servers alike. */
export type GrpcService = { name: string; definition: ServiceDefinition };

/** `name` is the full one: "corner_shop.inventory.v1.Inventory". Fields get camelCase names, and their defaults when absent. */
export function loadGrpcService(proto: URL, name: string): GrpcService {
  const definitions = loadSync(fileURLToPath(proto), { longs: Number, enums: String, defaults: true, arrays: true });
  const definition = definitions[name];
  if (!definition || "format" in definition) throw new Error(`${proto.pathname} has no service ${name}`);
  return { name, definition };
}

export function toMethod({ name, definition }: GrpcService, method: string): MethodDefinition<object, unknown> {
  const found = definition[method];
  if (!found) throw new Error(`${name} has no method ${method}`);
  return found;
}

/** The attributes that both sides of a call share. */
export function toRpcAttributes({ name }: GrpcService, method: string) {
  return { "rpc.system": "grpc", "rpc.service": name, "rpc.method": method };
}
