import { z } from "zod";
import type { CallAnswer } from "../kit/calls/http-call.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { gather, hasFallbacks } from "./gather.ts";
import { readAnswer } from "./read-answer.ts";
import type { Services } from "./services.ts";

/*
 * An order, composed: ordering's order and shipping's shipment. The order is what it is about; without shipping the page
 * only lacks the shipment, where the edge's fallback policy is on.
 */
const order = z.looseObject({ id: z.string() });
const shipment = z.looseObject({ state: z.string() });

type Parts = Pick<Services, "ordering" | "shipping"> & { policies: Pick<Policies, "edge"> };

export function createOrderPage({ ordering, shipping, policies }: Parts): (id: string) => Promise<CallAnswer> {
  async function askShipment(id: string) {
    const { body } = await shipping.call({ method: "GET", path: `/shipments/${id}`, template: "/shipments/:orderId" });
    return readAnswer("shipping", shipment, body);
  }

  return async (unescapedId) => {
    const id = encodeURIComponent(unescapedId);
    const [answer, sent] = await gather(
      hasFallbacks(policies, ["shipping"]),
      () => ordering.call({ method: "GET", path: `/orders/${id}`, template: "/orders/:id" }),
      () =>
        shipping.withFallback<z.infer<typeof shipment> | null>(
          () => askShipment(id),
          () => null,
        ),
    );
    if (answer.status !== 200) return answer;
    const body = readAnswer("ordering", order, answer.body);
    return { status: 200, body: { ...body, shipment: sent, degraded: sent ? [] : ["no_shipment"] } };
  };
}
