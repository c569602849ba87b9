import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { HttpError } from "../kit/http-server.ts";
import type { StockStore } from "./store.ts";

const query = z.object({ skus: z.string().max(2_000).default("") });
const reservation = z.object({
  orderId: z.uuid(),
  sku: z.string().max(100),
  quantity: z.number().int().min(1).max(100),
});

export function addRoutes(server: FastifyInstance, stock: StockStore) {
  server.get("/availability", async (request) => {
    const { skus } = query.parse(request.query);
    return { availability: await stock.available(skus.split(",").filter((sku) => sku !== "")) };
  });

  server.post("/reserve", async (request) => {
    const { orderId, sku, quantity } = reservation.parse(request.body);
    if (!(await stock.reserve(orderId, sku, quantity))) throw new HttpError(409, `not enough "${sku}" in stock`);
    return { reserved: true };
  });
}
