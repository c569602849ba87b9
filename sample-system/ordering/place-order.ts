import { CallError } from "../kit/calls/call-error.ts";
import { HttpError } from "../kit/http-server.ts";
import { log, toReason } from "../kit/log.ts";
import type { Callees } from "./callees.ts";
import type { Order, OrderRequest, OrderStore } from "./store.ts";

/*
 * Checkout, naive and synchronous:
 *
 *   price ─▶ order PENDING ─▶ reserve ─▶ pay ─▶ CONFIRMED ─▶ event OrderConfirmed
 *
 * When a step fails the order FAILED, and what the steps before it did stays done: reserved stock, perhaps a charge.
 * An event that the broker does not take is lost for good.
 */
export type OrderingParts = Callees & {
  orders: OrderStore;
  events: { publish(event: string, body: object): Promise<void> };
};

/** 424, Failed Dependency: ordering itself is well, but an order needs someone who is not. */
const FAILED_DEPENDENCY = 424;

export async function placeOrder(request: OrderRequest, parts: OrderingParts): Promise<Order> {
  const priceCents = await parts.priceCents(request.sku).catch(refuse);
  const order = await parts.orders.begin(request, priceCents * request.quantity);
  try {
    await parts.reserve(order);
    await parts.pay(order);
  } catch (error) {
    await parts.orders.end(order.id, "FAILED", toReason(error)).catch(() => {});
    return refuse(error);
  }
  await parts.orders.end(order.id, "CONFIRMED");
  await parts.events
    .publish("OrderConfirmed", { orderId: order.id, sku: order.sku, quantity: order.quantity })
    .catch((error: unknown) => log(`OrderConfirmed of ${order.id} is lost: ${toReason(error)}`));
  return { ...order, status: "CONFIRMED" };
}

function refuse(error: unknown): never {
  if (error instanceof CallError) throw new HttpError(FAILED_DEPENDENCY, toReason(error));
  throw error;
}
