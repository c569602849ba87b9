import { createCacheEdge } from "../kit/calls/cache-edge.ts";
import { openDatabase } from "../kit/database.ts";
import { address, port, readEnv } from "../kit/env.ts";
import { createRabbitBus } from "../kit/messaging/rabbit-bus.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { serveModule } from "../kit/serve.ts";
import { createCatalog, migrations } from "./module.ts";

const env = readEnv({ PORT: port, DATABASE_URL: address, CACHE_URL: address, BROKER_URL: address });
const policies = createPolicies("catalog");
const database = openDatabase({ url: env.DATABASE_URL, peer: "catalog-db", migrations });
const cache = createCacheEdge("catalog", "cache", env.CACHE_URL, policies);
const catalog = createCatalog({ policies, database, bus: createRabbitBus(env.BROKER_URL), cache });

await serveModule(catalog, { policies, port: env.PORT });
