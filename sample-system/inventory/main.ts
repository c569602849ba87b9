import { openDatabase } from "../kit/database.ts";
import { address, port, readEnv } from "../kit/env.ts";
import { createHttpServer, listen } from "../kit/http-server.ts";
import { closeOnSignal } from "../kit/lifecycle.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { addRoutes } from "./routes.ts";
import { createStockStore, migration } from "./store.ts";

/** Inventory: how much of everything is there, and what of it is promised to an order. */
const env = readEnv({ PORT: port, DATABASE_URL: address });
const policies = createPolicies("inventory");
const database = openDatabase({ url: env.DATABASE_URL, peer: "inventory-db", migration });
const server = createHttpServer({ capacity: () => policies.component().capacity, needs: [database] });

addRoutes(server, createStockStore(database));
await listen(server, "inventory", env.PORT);
closeOnSignal([server, database, policies]);
