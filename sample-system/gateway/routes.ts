import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import type { Edge } from "../kit/calls/call-edge.ts";
import type { CallAnswer } from "../kit/calls/http-call.ts";
import type { HomePage } from "./home.ts";

const params = z.object({ id: z.string().max(100) });
type Asked = Pick<Edge, "call">;

export function addRoutes(
  server: FastifyInstance,
  { catalog, ordering, home }: { catalog: Asked; ordering: Asked; home: () => Promise<HomePage> },
) {
  server.get("/home", home);

  server.get("/products/:id", async (request, reply) => {
    const path = `/products/${encodeURIComponent(params.parse(request.params).id)}`;
    return pass(reply, await catalog.call({ method: "GET", path, template: "/products/:sku" }));
  });

  server.post("/checkout", async (request, reply) =>
    pass(reply, await ordering.call({ method: "POST", path: "/orders", template: "/orders", body: request.body })),
  );

  server.get("/orders/:id", async (request, reply) => {
    const path = `/orders/${encodeURIComponent(params.parse(request.params).id)}`;
    return pass(reply, await ordering.call({ method: "GET", path, template: "/orders/:id" }));
  });
}

/** A service that cannot go on because of another (424) is, for the customer, the shop being unavailable (503). */
function pass(reply: FastifyReply, { status, body }: CallAnswer) {
  reply.status(status === 424 ? 503 : status);
  return body;
}
