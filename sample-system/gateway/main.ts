import { createEdge } from "../kit/calls/call-edge.ts";
import { address, port, readEnv } from "../kit/env.ts";
import { createHttpServer, listen } from "../kit/http-server.ts";
import { closeOnSignal } from "../kit/lifecycle.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { createHome } from "./home.ts";
import { addRoutes } from "./routes.ts";

/** The gateway: the shop's only door. It owns no data, and puts pages together from what the services answer. */
const env = readEnv({ PORT: port, CATALOG_URL: address, ORDERING_URL: address, INVENTORY_URL: address });
const policies = createPolicies("gateway");
const catalog = createEdge("gateway", "catalog", env.CATALOG_URL, policies);
const ordering = createEdge("gateway", "ordering", env.ORDERING_URL, policies);
const inventory = createEdge("gateway", "inventory", env.INVENTORY_URL, policies);
const server = createHttpServer({
  capacity: () => policies.component().capacity,
  needs: [catalog, ordering, inventory],
});

addRoutes(server, { catalog, ordering, home: createHome({ catalog, inventory }) });
await listen(server, "gateway", env.PORT);
closeOnSignal([server, catalog, ordering, inventory, policies]);
