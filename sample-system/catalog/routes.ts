import type { FastifyInstance } from "fastify";
import { HttpError } from "../kit/http-server.ts";
import type { Messaging } from "../kit/messaging/messaging.ts";
import { newPrice, newProduct, skuParams } from "./product.ts";
import { addProduct, setPrice } from "./product-store.ts";
import type { Shelf } from "./shelf.ts";

export type RouteParts = { shelf: Shelf; messaging: Pick<Messaging, "transaction"> };

export function addRoutes(server: FastifyInstance, { shelf, messaging }: RouteParts) {
  server.get("/products", async () => ({ products: await shelf.list() }));

  server.get("/products/:sku", async (request) => {
    const { sku } = skuParams.parse(request.params);
    const product = await shelf.find(sku);
    if (!product) throw new HttpError(404, `there is no product "${sku}"`);
    return product;
  });

  server.post("/products", async (request, reply) => {
    const product = newProduct.parse(request.body);
    const { sku } = product;
    await messaging.transaction(async (tx) => {
      if (!(await addProduct(tx, product))) throw new HttpError(409, `there is a product "${sku}" already`);
      await tx.emit({ name: "ProductAdded", correlationId: sku, body: product });
    });
    await shelf.changed(sku);
    reply.status(201);
    return { ...product, available: null };
  });

  server.put("/products/:sku/price", async (request) => {
    const { sku } = skuParams.parse(request.params);
    const { priceCents } = newPrice.parse(request.body);
    await messaging.transaction(async (tx) => {
      if (!(await setPrice(tx, sku, priceCents))) throw new HttpError(404, `there is no product "${sku}"`);
      await tx.emit({ name: "ProductPriceChanged", correlationId: sku, body: { sku, priceCents } });
    });
    await shelf.changed(sku);
    return { sku, priceCents };
  });
}
