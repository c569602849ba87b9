import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import type { CallAnswer, CallRequest } from "../kit/calls/http-call.ts";
import type { HomePage } from "./home.ts";
import type { Services } from "./services.ts";

const params = z.object({ id: z.string().max(100) });
const checkoutHeaders = z.object({ "idempotency-key": z.string().min(1).max(200).optional() });

type Pages = Pick<Services, "catalog" | "ordering"> & {
  home: () => Promise<HomePage>;
  orderPage: (id: string) => Promise<CallAnswer>;
};

/** What customers may ask for once they are inside. */
export function addRoutes(server: FastifyInstance, { catalog, ordering, home, orderPage }: Pages) {
  server.get("/home", home);

  server.get("/products/:id", async (request, reply) => {
    const path = `/products/${encodeURIComponent(params.parse(request.params).id)}`;
    return pass(reply, await catalog.call({ method: "GET", path, template: "/products/:sku" }));
  });

  server.post("/checkout", async (request, reply) => {
    const { "idempotency-key": idempotencyKey } = checkoutHeaders.parse(request.headers);
    const order: CallRequest = { method: "POST", path: "/orders", template: "/orders", body: request.body };
    return pass(reply, await ordering.call(idempotencyKey ? { ...order, idempotencyKey } : order));
  });

  server.get("/orders/:id", async (request, reply) => pass(reply, await orderPage(params.parse(request.params).id)));
}

/** A service that cannot go on because of another (424) is, for the customer, the shop being unavailable (503). */
function pass(reply: FastifyReply, { status, body }: CallAnswer) {
  reply.status(status === 424 ? 503 : status);
  return body;
}
