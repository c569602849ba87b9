import { createEdge } from "../kit/calls/call-edge.ts";
import { openDatabase } from "../kit/database.ts";
import { address, port, readEnv } from "../kit/env.ts";
import { createRabbitBus } from "../kit/messaging/rabbit-bus.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { serveModule } from "../kit/serve.ts";
import { createPayments, migrations } from "./module.ts";

const env = readEnv({ PORT: port, DATABASE_URL: address, BROKER_URL: address, BANK_URL: address });
const policies = createPolicies("payments");
const database = openDatabase({ url: env.DATABASE_URL, peer: "payments-db", migrations });
const bank = createEdge("payments", "bank", env.BANK_URL, policies);
const payments = createPayments({ policies, database, bus: createRabbitBus(env.BROKER_URL), bank });

await serveModule(payments, { policies, port: env.PORT });
