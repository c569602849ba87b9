import { z } from "zod";
import { createEdge } from "../kit/calls/call-edge.ts";
import { createGrpcEdge } from "../kit/calls/grpc/grpc-edge.ts";
import { loadGrpcService } from "../kit/calls/grpc/service.ts";
import { address, port, readEnv } from "../kit/env.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { serveModule } from "../kit/serve.ts";
import { createGateway } from "./module.ts";

/** The gateway in a process of its own. */
const env = readEnv({
  PORT: port,
  CATALOG_URL: address,
  ORDERING_URL: address,
  INVENTORY_GRPC_URL: address,
  SHIPPING_URL: address,
  TOKEN_SECRET: z.string().min(16),
});
const policies = createPolicies("gateway");
const inventory = loadGrpcService(
  new URL("../inventory/inventory.proto", import.meta.url),
  "corner_shop.inventory.v1.Inventory",
);
const gateway = createGateway({
  policies,
  tokenSecret: env.TOKEN_SECRET,
  catalog: createEdge("gateway", "catalog", env.CATALOG_URL, policies),
  ordering: createEdge("gateway", "ordering", env.ORDERING_URL, policies),
  shipping: createEdge("gateway", "shipping", env.SHIPPING_URL, policies),
  inventory: createGrpcEdge("gateway", "inventory", env.INVENTORY_GRPC_URL, policies, inventory),
});

await serveModule(gateway, { policies, port: env.PORT });
