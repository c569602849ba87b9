import { createEdge } from "../kit/calls/call-edge.ts";
import { openDatabase } from "../kit/database.ts";
import { address, port, readEnv } from "../kit/env.ts";
import { createRabbitBus } from "../kit/messaging/rabbit-bus.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { serveModule } from "../kit/serve.ts";
import { createOrdering, migrations } from "./module.ts";

/** Ordering as a process of its own. */
const env = readEnv({
  PORT: port,
  DATABASE_URL: address,
  BROKER_URL: address,
  CATALOG_URL: address,
  INVENTORY_URL: address,
  PAYMENTS_URL: address,
  SHIPPING_URL: address,
  NOTIFICATIONS_URL: address,
});
const policies = createPolicies("ordering");
const toEdge = (callee: string, url: string) => createEdge("ordering", callee, url, policies);
const ordering = createOrdering({
  policies,
  database: openDatabase({ url: env.DATABASE_URL, peer: "ordering-db", migrations }),
  bus: createRabbitBus(env.BROKER_URL),
  edges: {
    catalog: toEdge("catalog", env.CATALOG_URL),
    inventory: toEdge("inventory", env.INVENTORY_URL),
    payments: toEdge("payments", env.PAYMENTS_URL),
    shipping: toEdge("shipping", env.SHIPPING_URL),
    notifications: toEdge("notifications", env.NOTIFICATIONS_URL),
  },
});
await serveModule(ordering, { policies, port: env.PORT });
