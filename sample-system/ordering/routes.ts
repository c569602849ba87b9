import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { HttpError } from "../kit/http-server.ts";
import type { Order, OrderRequest, OrderStore } from "./store.ts";

const orderRequest = z.object({ sku: z.string().max(100), quantity: z.number().int().min(1).max(100) });
const params = z.object({ id: z.uuid() });

type Ordering = { orders: OrderStore; place(request: OrderRequest): Promise<Order> };

export function addRoutes(server: FastifyInstance, { orders, place }: Ordering) {
  server.post("/orders", async (request, reply) => {
    const order = await place(orderRequest.parse(request.body));
    reply.status(201);
    return order;
  });

  server.get("/orders/:id", async (request) => {
    const { id } = params.parse(request.params);
    const order = await orders.get(id);
    if (!order) throw new HttpError(404, `there is no order ${id}`);
    return order;
  });
}
