import { z } from "zod";
import type { Edge } from "../kit/calls/call-edge.ts";
import { HttpError } from "../kit/http-server.ts";
import type { Order } from "./store.ts";

/** What ordering asks of the others, in its own words. A 4xx becomes the same refusal to our caller. */
export type Callees = {
  priceCents(sku: string): Promise<number>;
  reserve(order: Order): Promise<void>;
  pay(order: Order): Promise<void>;
};
type Asked = Record<"catalog" | "inventory" | "payments", Pick<Edge, "call">>;

const product = z.object({ priceCents: z.number().int().min(1) });
const refusal = z.object({ message: z.string() });

export function createCallees({ catalog, inventory, payments }: Asked): Callees {
  return {
    async priceCents(sku) {
      const answer = await catalog.call({
        method: "GET",
        path: `/products/${encodeURIComponent(sku)}`,
        template: "/products/:sku",
      });
      return product.parse(expectOk(answer)).priceCents;
    },
    async reserve({ id, sku, quantity }) {
      const body = { orderId: id, sku, quantity };
      expectOk(await inventory.call({ method: "POST", path: "/reserve", template: "/reserve", body }));
    },
    async pay({ id, amountCents }) {
      const body = { orderId: id, amountCents };
      expectOk(await payments.call({ method: "POST", path: "/payments", template: "/payments", body }));
    },
  };
}

function expectOk({ status, body }: { status: number; body: unknown }): unknown {
  if (status < 400) return body;
  throw new HttpError(status, refusal.safeParse(body).data?.message ?? `refused with ${status}`);
}
