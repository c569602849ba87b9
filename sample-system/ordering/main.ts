import { createEdge } from "../kit/calls/call-edge.ts";
import { openDatabase } from "../kit/database.ts";
import { address, port, readEnv } from "../kit/env.ts";
import { createHttpServer, listen } from "../kit/http-server.ts";
import { closeOnSignal } from "../kit/lifecycle.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { createPublisher } from "../kit/publisher.ts";
import { createCallees } from "./callees.ts";
import { placeOrder } from "./place-order.ts";
import { addRoutes } from "./routes.ts";
import { createOrderStore, migration } from "./store.ts";

/** Ordering: takes orders, in the naive way: one service after the other, while the customer waits. */
const env = readEnv({
  PORT: port,
  DATABASE_URL: address,
  BROKER_URL: address,
  CATALOG_URL: address,
  INVENTORY_URL: address,
  PAYMENTS_URL: address,
});
const policies = createPolicies("ordering");
const database = openDatabase({ url: env.DATABASE_URL, peer: "ordering-db", migration });
const events = createPublisher(env.BROKER_URL);
const catalog = createEdge("ordering", "catalog", env.CATALOG_URL, policies);
const inventory = createEdge("ordering", "inventory", env.INVENTORY_URL, policies);
const payments = createEdge("ordering", "payments", env.PAYMENTS_URL, policies);
const orders = createOrderStore(database);
const callees = createCallees({ catalog, inventory, payments });
const server = createHttpServer({
  capacity: () => policies.component().capacity,
  needs: [database, events, catalog, inventory, payments],
});

addRoutes(server, { orders, place: (request) => placeOrder(request, { ...callees, orders, events }) });
await listen(server, "ordering", env.PORT);
closeOnSignal([server, catalog, inventory, payments, events, database, policies]);
