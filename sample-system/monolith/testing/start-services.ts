import type { FastifyInstance } from "fastify";
import { openLedger } from "../../bank/ledger.ts";
import { createBank } from "../../bank/module.ts";
import { migrations as catalogTables, createCatalog } from "../../catalog/module.ts";
import { createGateway } from "../../gateway/module.ts";
import { addGrpcDoor } from "../../inventory/grpc.ts";
import { createInventory, migrations as inventoryTables } from "../../inventory/module.ts";
import { createEdge } from "../../kit/calls/call-edge.ts";
import { createGrpcEdge } from "../../kit/calls/grpc/grpc-edge.ts";
import { loadGrpcService } from "../../kit/calls/grpc/service.ts";
import { openDatabase } from "../../kit/database.ts";
import { createHttpServer } from "../../kit/http-server.ts";
import { createRabbitBus } from "../../kit/messaging/rabbit-bus.ts";
import type { Module } from "../../kit/module.ts";
import type { Policies } from "../../kit/policies/policies.ts";
import { addUpkeepRoutes } from "../../kit/serve.ts";
import { createNotifications, migrations as notificationsTables } from "../../notifications/module.ts";
import { createOrdering, migrations as orderingTables } from "../../ordering/module.ts";
import { createPayments, migrations as paymentsTables } from "../../payments/module.ts";
import { createShipping, migrations as shippingTables } from "../../shipping/module.ts";
import { createLocalCache } from "../local-cache.ts";

/** A module that is served: asked over HTTP, on a port of its own. */
export type Served = { name: string; url: string; server: FastifyInstance; close(): Promise<void> };

export async function serve(module: Module, policies: Policies): Promise<Served> {
  const server = createHttpServer({ capacity: () => policies.component().capacity, needs: module.needs, policies });
  addUpkeepRoutes(server, module);
  module.addRoutes(server);
  const url = await server.listen({ port: 0, host: "127.0.0.1" });
  return {
    name: module.name,
    url,
    server,
    async close() {
      await server.close();
      for (const part of module.parts) await part.close();
    },
  };
}

export function serveBank(folder: string, policies: Policies): Promise<Served> {
  return serve(createBank({ ledger: openLedger(folder) }), policies);
}

export type ServicesParts = {
  policiesOf(component: string): Policies;
  databaseUrl: string;
  brokerUrl: string;
  bankUrl: string;
  grpcPort: number;
  tokenSecret: string;
};

/** The services as their main.ts files make them, except that their schemas share a Postgres. The gateway is the last. */
export async function startServices(parts: ServicesParts): Promise<Served[]> {
  const { policiesOf, databaseUrl, brokerUrl, bankUrl, grpcPort, tokenSecret } = parts;
  const served: Served[] = [];
  const start = async (module: Module) => {
    const one = await serve(module, policiesOf(module.name));
    served.push(one);
    return one;
  };
  const toParts = (schema: string, migrations: URL) => ({
    policies: policiesOf(schema),
    bus: createRabbitBus(brokerUrl),
    database: openDatabase({ url: databaseUrl, peer: `${schema}-db`, schema, maxConnections: 4, migrations }),
  });
  const toEdge = (caller: string, { name, url }: Pick<Served, "name" | "url">) =>
    createEdge(caller, name, url, policiesOf(caller));

  const catalog = await start(createCatalog({ ...toParts("catalog", catalogTables), cache: createLocalCache() }));
  const stock = createInventory(toParts("inventory", inventoryTables));
  const inventory = await start({
    ...stock,
    addRoutes(server) {
      stock.addRoutes(server);
      addGrpcDoor(server, { handlers: stock.grpcHandlers, policies: policiesOf("inventory"), port: grpcPort });
    },
  });
  const bank = toEdge("payments", { name: "bank", url: bankUrl });
  const payments = await start(createPayments({ ...toParts("payments", paymentsTables), bank }));
  const shipping = await start(createShipping(toParts("shipping", shippingTables)));
  const notifications = await start(createNotifications(toParts("notifications", notificationsTables)));
  const ordering = await start(
    createOrdering({
      ...toParts("ordering", orderingTables),
      edges: {
        catalog: toEdge("ordering", catalog),
        inventory: toEdge("ordering", inventory),
        payments: toEdge("ordering", payments),
        shipping: toEdge("ordering", shipping),
        notifications: toEdge("ordering", notifications),
      },
    }),
  );
  await start(
    createGateway({
      policies: policiesOf("gateway"),
      tokenSecret,
      catalog: toEdge("gateway", catalog),
      ordering: toEdge("gateway", ordering),
      shipping: toEdge("gateway", shipping),
      inventory: createGrpcEdge(
        "gateway",
        "inventory",
        `grpc://127.0.0.1:${grpcPort}`,
        policiesOf("gateway"),
        loadGrpcService(
          new URL("../../inventory/inventory.proto", import.meta.url),
          "corner_shop.inventory.v1.Inventory",
        ),
      ),
    }),
  );
  return served;
}
