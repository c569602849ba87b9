import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { createGrpcServer, type GrpcHandlers } from "../kit/calls/grpc/grpc-server.ts";
import { loadGrpcService } from "../kit/calls/grpc/service.ts";
import type { Database } from "../kit/database.ts";
import { poolOf } from "../kit/http-server.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { listAvailability } from "./stock-store.ts";

const availabilityRequest = z.object({ skus: z.array(z.string().max(100)).max(100) });

/** The methods of inventory.proto. */
export function createGrpcHandlers(database: Database): GrpcHandlers {
  return {
    async GetAvailability(message) {
      return { items: await listAvailability(database, availabilityRequest.parse(message).skus) };
    },
  };
}

export type GrpcDoor = { handlers: GrpcHandlers; policies: Policies; port: number };

/** Opens the gRPC door together with the HTTP one, to the same workers, and closes it with that one. */
export function addGrpcDoor(server: FastifyInstance, { handlers, policies, port }: GrpcDoor) {
  const service = loadGrpcService(new URL("inventory.proto", import.meta.url), "corner_shop.inventory.v1.Inventory");
  const grpc = createGrpcServer({ service, handlers, pool: poolOf(server), policies });
  server.addHook("onReady", async () => void (await grpc.listen(port)));
  server.addHook("onClose", () => grpc.close());
}
