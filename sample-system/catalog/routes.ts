import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { HttpError } from "../kit/http-server.ts";
import type { ProductStore } from "./store.ts";

const params = z.object({ sku: z.string().max(100) });

export function addRoutes(server: FastifyInstance, products: ProductStore) {
  server.get("/products", async () => ({ products: await products.list() }));

  server.get("/products/:sku", async (request) => {
    const { sku } = params.parse(request.params);
    const product = await products.get(sku);
    if (!product) throw new HttpError(404, `there is no product "${sku}"`);
    return product;
  });
}
