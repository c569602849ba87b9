import { openDatabase } from "../kit/database.ts";
import { address, port, readEnv } from "../kit/env.ts";
import { createRabbitBus } from "../kit/messaging/rabbit-bus.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { serveModule } from "../kit/serve.ts";
import { createNotifications, migrations } from "./module.ts";

const env = readEnv({ PORT: port, DATABASE_URL: address, BROKER_URL: address });
const policies = createPolicies("notifications");
const database = openDatabase({ url: env.DATABASE_URL, peer: "notifications-db", migrations });
const notifications = createNotifications({ policies, database, bus: createRabbitBus(env.BROKER_URL) });

await serveModule(notifications, { policies, port: env.PORT });
