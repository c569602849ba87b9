import type { FastifyInstance } from "fastify";
import { migrations as catalogTables, createCatalog } from "../catalog/module.ts";
import { createGateway } from "../gateway/module.ts";
import { createInventory, migrations as inventoryTables } from "../inventory/module.ts";
import { createEdge, type Edge } from "../kit/calls/call-edge.ts";
import { createGrpcEdge } from "../kit/calls/grpc/grpc-edge.ts";
import { createLocalGrpc } from "../kit/calls/grpc/local-grpc.ts";
import { loadGrpcService } from "../kit/calls/grpc/service.ts";
import { createLocalTransport } from "../kit/calls/local-transport.ts";
import { openDatabase } from "../kit/database.ts";
import { createHttpServer, poolOf } from "../kit/http-server.ts";
import type { Bus } from "../kit/messaging/bus.ts";
import { createLocalBus } from "../kit/messaging/local-bus.ts";
import type { Module } from "../kit/module.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { addUpkeepRoutes } from "../kit/serve.ts";
import { createNotifications, migrations as notificationsTables } from "../notifications/module.ts";
import { createOrdering, migrations as orderingTables } from "../ordering/module.ts";
import { createPayments, migrations as paymentsTables } from "../payments/module.ts";
import { createShipping, migrations as shippingTables } from "../shipping/module.ts";
import { createLocalCache } from "./local-cache.ts";

/*
 * The modules of the services, wired within one process:
 *
 *   customers ─▶ gateway ─▶ catalog, inventory, shipping
 *                   └─────▶ ordering ─▶ catalog, inventory, payments, shipping, notifications      payments ─▶ bank
 *                              ╰──────── bus, in memory ────────╯
 *   auditor ─▶ /modules/<name>/audit        shop-db: a schema each, with connections of its own
 *
 * They talk through edges and messages as ever; only what carries these is another. All obey the one document of the shop.
 */
export type ShopParts = {
  policies: Policies;
  databaseUrl: string;
  bank: Edge;
  /** Signs and verifies customers' tokens. */
  tokenSecret: string;
};

/** Six modules with a schema: 24 of the database's 30. */
const CONNECTIONS_EACH = 4;

export function createShop({ policies, databaseUrl, bank, tokenSecret }: ShopParts): Module {
  const bus = createLocalBus();
  // It ends with the shop, not with the first module that does.
  const shared: Bus = { ...bus, close: async () => {} };

  function toParts(schema: string, migrations: URL) {
    const where = { url: databaseUrl, peer: "shop-db", schema, maxConnections: CONNECTIONS_EACH };
    return { policies, bus: shared, database: openDatabase({ ...where, migrations }) };
  }
  const catalog = createCatalog({ ...toParts("catalog", catalogTables), cache: createLocalCache() });
  const inventory = createInventory(toParts("inventory", inventoryTables));
  const payments = createPayments({ ...toParts("payments", paymentsTables), bank });
  const shipping = createShipping(toParts("shipping", shippingTables));
  const notifications = createNotifications(toParts("notifications", notificationsTables));
  const behindCatalog = openDoor(catalog, policies);
  const behindInventory = openDoor(inventory, policies);
  const behindShipping = openDoor(shipping, policies);

  function toEdge(caller: string, callee: string, door: FastifyInstance): Edge {
    return createEdge(caller, callee, createLocalTransport(door, callee), policies);
  }
  const ordering = createOrdering({
    ...toParts("ordering", orderingTables),
    edges: {
      catalog: toEdge("ordering", "catalog", behindCatalog),
      inventory: toEdge("ordering", "inventory", behindInventory),
      payments: toEdge("ordering", "payments", openDoor(payments, policies)),
      shipping: toEdge("ordering", "shipping", behindShipping),
      notifications: toEdge("ordering", "notifications", openDoor(notifications, policies)),
    },
  });
  const gateway = createGateway({
    policies,
    tokenSecret,
    catalog: toEdge("gateway", "catalog", behindCatalog),
    ordering: toEdge("gateway", "ordering", openDoor(ordering, policies)),
    shipping: toEdge("gateway", "shipping", behindShipping),
    inventory: createGrpcEdge(
      "gateway",
      "inventory",
      createLocalGrpc("inventory", inventory.grpcHandlers, poolOf(behindInventory)),
      policies,
      loadGrpcService(new URL("../inventory/inventory.proto", import.meta.url), "corner_shop.inventory.v1.Inventory"),
    ),
  });

  /** Who sends commands before who obeys them: the order of a reset, and of the end. */
  const modules: Module[] = [gateway, ordering, inventory, payments, shipping, notifications, catalog];
  return {
    name: "shop",
    // The gateway would ask the others, who are asked here.
    needs: modules.filter((module) => module !== gateway).flatMap(({ needs }) => needs),
    addRoutes(server) {
      gateway.addRoutes(server);
      for (const module of modules) {
        const prefix = `/modules/${module.name}`;
        void server.register(async (inside) => addUpkeepRoutes(inside, module), { prefix });
      }
    },
    async reset() {
      for (const module of modules) await module.reset();
    },
    // The bus first: what it does not take any more stays in the outboxes.
    parts: [bus, ...modules.flatMap(({ parts }) => parts)],
  };
}

/**
 * A module's routes for those within. Each has as many workers as the shop's own door, which lets no more requests in, so
 * none ever waits for a worker inside; the work of a module costs what it costs anywhere.
 */
function openDoor(module: Module, policies: Policies): FastifyInstance {
  const server = createHttpServer({ capacity: () => policies.component().capacity, policies });
  module.addRoutes(server);
  return server;
}
