import { CallError } from "../kit/calls/call-error.ts";
import { HttpError } from "../kit/http-server.ts";
import { isOn } from "../kit/policies/is-on.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { findOrder, insertOrder, type Order, type OrderRequest } from "./order-store.ts";
import type { Prices } from "./prices.ts";
import { beginSaga } from "./saga/run-saga.ts";
import { type WorkParts, workThrough } from "./work-through.ts";

/*
 * A checkout comes in:
 *
 *   key known? ── yes ─▶ the order that it made
 *      │ no
 *   price ─▶ order PENDING ─┬─ saga on ───▶ the rest happens by itself, the customer is not kept waiting
 *                           └─ saga off ──▶ work-through.ts, while the customer waits
 */
export type PlaceParts = WorkParts & { policies: Policies; prices: Pick<Prices, "priceCents"> };

/** 424, Failed Dependency: ordering itself is well, but an order needs someone who is not. */
const FAILED_DEPENDENCY = 424;
const UNPROCESSABLE = 422;

/** `key` is the customer's Idempotency-Key; it counts while the policy is on. */
export async function placeOrder(request: OrderRequest, key: string | undefined, parts: PlaceParts): Promise<Order> {
  const { database, messaging, policies, prices } = parts;
  const usedKey = isOn(policies, "idempotencyKeys") ? key : undefined;
  if (usedKey) {
    const known = await findOrder(database, { key: usedKey });
    if (known) return answerAgain(known, request);
  }
  const priceCents = await prices.priceCents(request.sku).catch(refuse);
  const draft = { ...request, amountCents: priceCents * request.quantity, key: usedKey };
  const bySaga = isOn(policies, "saga");

  const order = await messaging.transaction(async (tx) => {
    const inserted = await insertOrder(tx, draft);
    if (inserted && bySaga) await beginSaga(inserted, tx);
    return inserted;
  });
  if (!order) return answerAgain(usedKey ? await findOrder(database, { key: usedKey }) : undefined, request);
  // What stops a checkout without a saga is passed on as it is, so that whoever retries above us retries all of it.
  return bySaga ? order : workThrough(order, parts);
}

/** The same key is the same order: what became of it meanwhile, also when that is a failure. */
function answerAgain(order: Order | undefined, { sku, quantity }: OrderRequest): Order {
  if (order?.sku !== sku || order.quantity !== quantity) {
    throw new HttpError(UNPROCESSABLE, "this Idempotency-Key belongs to another order");
  }
  if (order.status === "FAILED") throw new HttpError(FAILED_DEPENDENCY, order.reason ?? "the order failed");
  return order;
}

function refuse(error: unknown): never {
  if (error instanceof CallError) throw new HttpError(FAILED_DEPENDENCY, error.message);
  throw error;
}
