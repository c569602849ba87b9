import type { Edge } from "../kit/calls/call-edge.ts";
import type { Database } from "../kit/database.ts";
import { log, toReason } from "../kit/log.ts";
import type { Messaging } from "../kit/messaging/messaging.ts";
import { expectOk } from "./expect-ok.ts";
import { appendHistory, endOrder, type Order } from "./order-store.ts";

/*
 * Checkout without a saga: one service after the other over HTTP, while the customer waits.
 *
 *   reserve ─▶ pay ─▶ ship ─▶ commit ─▶ CONFIRMED ─▶ mail ─▶ event OrderConfirmed
 *
 * When a step fails the order FAILED, and what the steps before it did stays done: reserved stock, perhaps a charge. When
 * the process dies the order stays PENDING for good. Even a mail that cannot be sent fails the customer's checkout, though
 * the order is CONFIRMED by then.
 */
export type WorkParts = {
  database: Database;
  messaging: Pick<Messaging, "transaction">;
  callees: Record<"inventory" | "payments" | "shipping" | "notifications", Pick<Edge, "call">>;
};
type Call = { callee: keyof WorkParts["callees"]; path: string; body: (order: Order) => object };

const goods = ({ id, sku, quantity }: Order) => ({ orderId: id, sku, quantity });
const calls: readonly Call[] = [
  { callee: "inventory", path: "/reserve", body: goods },
  { callee: "payments", path: "/payments", body: ({ id, amountCents }) => ({ orderId: id, amountCents }) },
  { callee: "shipping", path: "/shipments", body: goods },
  { callee: "inventory", path: "/commit", body: ({ id }) => ({ orderId: id }) },
];
const mail: Call = { callee: "notifications", path: "/mails", body: goods };

/** The CONFIRMED order. Rejects with whatever stopped it. */
export async function workThrough(order: Order, { database, messaging, callees }: WorkParts): Promise<Order> {
  async function make({ callee, path, body }: Call) {
    const answer = await callees[callee].call({
      method: "POST",
      path,
      template: path,
      body: body(order),
      idempotencyKey: order.id,
    });
    expectOk(answer);
    await note(`${callee} ${path} done`);
  }
  const note = (what: string) => appendHistory(database, order.id, [{ step: "naive", what }]);

  try {
    for (const call of calls) await make(call);
  } catch (error) {
    await endOrder(database, order.id, "FAILED", toReason(error)).catch(() => {});
    await note(`FAILED: ${toReason(error)}`).catch(() => {});
    throw error;
  }
  await endOrder(database, order.id, "CONFIRMED");
  await make(mail);
  await messaging
    .transaction((tx) =>
      tx.emit({ name: "OrderConfirmed", correlationId: order.id, body: { ...goods(order), mailed: true } }),
    )
    .catch((error: unknown) => log(`OrderConfirmed of ${order.id} is lost: ${toReason(error)}`));
  return { ...order, status: "CONFIRMED" };
}
