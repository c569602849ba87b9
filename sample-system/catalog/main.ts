import { openDatabase } from "../kit/database.ts";
import { address, port, readEnv } from "../kit/env.ts";
import { createHttpServer, listen } from "../kit/http-server.ts";
import { closeOnSignal } from "../kit/lifecycle.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { addRoutes } from "./routes.ts";
import { createProductStore, migration } from "./store.ts";

/** Catalog: what the shop sells, and for how much. */
const env = readEnv({ PORT: port, DATABASE_URL: address });
const policies = createPolicies("catalog");
const database = openDatabase({ url: env.DATABASE_URL, peer: "catalog-db", migration });
const server = createHttpServer({ capacity: () => policies.component().capacity, needs: [database] });

addRoutes(server, createProductStore(database));
await listen(server, "catalog", env.PORT);
closeOnSignal([server, database, policies]);
