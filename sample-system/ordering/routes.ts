import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Database } from "../kit/database.ts";
import { HttpError } from "../kit/http-server.ts";
import { findOrder, listNeedingHelp, type Order, type OrderRequest, readHistory } from "./order-store.ts";

const orderRequest = z.object({ sku: z.string().max(100), quantity: z.number().int().min(1).max(100) });
const headers = z.object({ "idempotency-key": z.string().min(1).max(200).optional() });
const params = z.object({ id: z.uuid() });
const listQuery = z.object({ status: z.literal("needs_help") });

type Ordering = { database: Database; place(request: OrderRequest, key: string | undefined): Promise<Order> };

export function addRoutes(server: FastifyInstance, { database, place }: Ordering) {
  server.post("/orders", async (request, reply) => {
    const key = headers.parse(request.headers)["idempotency-key"];
    const order = await place(orderRequest.parse(request.body), key);
    reply.status(order.status === "PENDING" ? 202 : 201);
    return order;
  });

  /** Those that somebody should look at; there is no other list. */
  server.get("/orders", async (request) => {
    listQuery.parse(request.query);
    return { orders: await listNeedingHelp(database) };
  });

  server.get("/orders/:id", async (request) => {
    const { id } = params.parse(request.params);
    const order = await findOrder(database, { id });
    if (!order) throw new HttpError(404, `there is no order ${id}`);
    return { ...order, history: await readHistory(database, id) };
  });
}
