import { context, propagation, trace } from "@opentelemetry/api";
import type { Tx } from "../../kit/messaging/messaging.ts";
import { appendHistory, endOrder, markNeedsHelp, type Order } from "../order-store.ts";
import { advance, begin } from "./saga.ts";
import { insertSaga, type SagaRow, saveSaga } from "./saga-store.ts";
import { type Effect, type Input, needsHelp, type Transition } from "./state.ts";
import { toStep } from "./steps.ts";

/*
 * The saga's state machine put to work, inside a transaction that is given:
 *
 *   row, input ─▶ advance ─▶ effects ─▶ span, history line, message (by the outbox), status ─▶ row saved
 *
 * State, history and messages are written together or not at all. Only questions are left to the caller, since nobody asks
 * another service in the middle of a transaction.
 */
export type Question = { orderId: string; step: string; round: number };

const tracer = trace.getTracer("corner-shop.saga");

/** T1: the order has just been written, and with it goes its first command. */
export async function beginSaga(order: Order, tx: Tx) {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  const first = begin(Date.now());
  await insertSaga(tx, { order, saga: first.saga, trace: headers });
  const { id, sku, quantity, amountCents } = order;
  await tx.emit({ name: "OrderPlaced", correlationId: id, body: { orderId: id, sku, quantity, amountCents } });
  await perform(order, first, tx);
}

/** One input to a saga whose row is locked. The question is to be asked once the transaction is committed. */
export async function takeInput({ order, saga }: SagaRow, input: Input, tx: Tx): Promise<Question | undefined> {
  const next = advance(saga, input, Date.now());
  if (next.saga === saga) return undefined;
  await saveSaga(tx, order.id, next.saga);
  if (needsHelp(next.saga) !== order.needsHelp) await markNeedsHelp(tx, order.id, needsHelp(next.saga));
  return perform(order, next, tx);
}

async function perform(order: Order, { effects }: Transition, tx: Tx): Promise<Question | undefined> {
  let question: Question | undefined;
  for (const effect of effects) {
    const { step, command, outcome, reason } = effect;
    const attributes = {
      "saga.step": step,
      "saga.order_id": order.id,
      "saga.outcome": outcome,
      ...(effect.compensation && { "saga.compensation": true }),
      ...(reason && { "saga.reason": reason }),
    };
    await tracer.startActiveSpan(`saga ${step} ${command} ${outcome}`, { attributes }, async (span) => {
      try {
        await performOne(order, effect, tx);
      } finally {
        span.end();
      }
    });
    if (effect.do === "ask") question = { orderId: order.id, step, round: effect.round };
  }
  await appendHistory(
    tx,
    order.id,
    effects.flatMap((effect) => toHistory(effect, order)),
  );
  return question;
}

async function performOne(order: Order, effect: Effect, tx: Tx) {
  const { id, sku, quantity } = order;
  const goods = { orderId: id, sku, quantity };
  if (effect.do === "send") {
    const body = effect.compensation ? { orderId: id } : toStep(effect.step).body(order);
    return tx.emit({ name: effect.command, correlationId: id, body });
  }
  if (effect.do === "confirm") {
    await endOrder(tx, id, "CONFIRMED");
    return tx.emit({ name: "OrderConfirmed", correlationId: id, body: goods });
  }
  if (effect.do === "cancel") {
    await endOrder(tx, id, "CANCELLED", effect.reason);
    return tx.emit({ name: "OrderCancelled", correlationId: id, body: { ...goods, reason: effect.reason } });
  }
}

/** What is sent for ever is not noted for ever: not after the call for help. */
function toHistory({ step, command, outcome, reason }: Effect, { needsHelp }: Order) {
  if (needsHelp && outcome === "sent again") return [];
  return [{ step, what: `${command} ${outcome}${reason ? `: ${reason}` : ""}` }];
}
