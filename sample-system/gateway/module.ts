import { z } from "zod";
import type { Edge } from "../kit/calls/call-edge.ts";
import type { GrpcEdge } from "../kit/calls/grpc/grpc-edge.ts";
import type { Module } from "../kit/module.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { guardDoor } from "./door.ts";
import { createHome } from "./home.ts";
import { createOrderPage } from "./order-page.ts";
import { addRoutes } from "./routes.ts";
import { createTokens } from "./tokens.ts";

/*
 * The gateway: the shop's only door. It owns no data, and puts pages together from what the services answer.
 *
 *   POST /tokens ─▶ a token             (open to all)
 *   all else ─▶ door ─▶ worker ─▶ /home · /products/:id · /checkout · /orders/:id
 */
export type GatewayParts = {
  policies: Policies;
  /** Signs and verifies the tokens. */
  tokenSecret: string;
  catalog: Edge;
  ordering: Edge;
  inventory: GrpcEdge;
  shipping: Edge;
};

const newcomer = z.object({ client: z.string().min(1).max(100) });

export function createGateway({ policies, tokenSecret, ...services }: GatewayParts): Module {
  const { catalog, ordering, shipping, inventory } = services;
  const tokens = createTokens(tokenSecret);
  const home = createHome({ ...services, policies });
  const orderPage = createOrderPage({ ...services, policies });
  let forgetClients = () => {};

  return {
    name: "gateway",
    needs: [catalog, ordering, inventory, shipping],
    addRoutes(server) {
      server.post("/tokens", async (request) => ({ token: await tokens.issue(newcomer.parse(request.body).client) }));
      // In a scope of its own, so that the door guards these routes and no others.
      void server.register(async (inside) => {
        forgetClients = guardDoor(inside, { policies, tokens }).reset;
        addRoutes(inside, { catalog, ordering, home: home.page, orderPage });
      });
    },
    async reset() {
      home.reset();
      forgetClients();
    },
    parts: [catalog, ordering, inventory, shipping],
  };
}
