import { openDatabase } from "../kit/database.ts";
import { address, port, readEnv } from "../kit/env.ts";
import { createRabbitBus } from "../kit/messaging/rabbit-bus.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { serveModule } from "../kit/serve.ts";
import { createShipping, migrations } from "./module.ts";

/** Shipping in a process of its own. */
const env = readEnv({ PORT: port, DATABASE_URL: address, BROKER_URL: address });
const policies = createPolicies("shipping");
const database = openDatabase({ url: env.DATABASE_URL, peer: "shipping-db", migrations });
const shipping = createShipping({ policies, database, bus: createRabbitBus(env.BROKER_URL) });

await serveModule(shipping, { policies, port: env.PORT });
