import { openDatabase } from "../kit/database.ts";
import { address, port, readEnv } from "../kit/env.ts";
import { createRabbitBus } from "../kit/messaging/rabbit-bus.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { serveModule } from "../kit/serve.ts";
import { addGrpcDoor } from "./grpc.ts";
import { createInventory, migrations } from "./module.ts";

/** Inventory in a process of its own, with two doors: HTTP on PORT, gRPC on GRPC_PORT. */
const env = readEnv({ PORT: port, GRPC_PORT: port, DATABASE_URL: address, BROKER_URL: address });
const policies = createPolicies("inventory");
const database = openDatabase({ url: env.DATABASE_URL, peer: "inventory-db", migrations });
const inventory = createInventory({ policies, database, bus: createRabbitBus(env.BROKER_URL) });

await serveModule(
  {
    ...inventory,
    addRoutes(server) {
      inventory.addRoutes(server);
      addGrpcDoor(server, { handlers: inventory.grpcHandlers, policies, port: env.GRPC_PORT });
    },
  },
  { policies, port: env.PORT },
);
