import type { Database, Queries } from "../kit/database.ts";
import { listAuthorizations, noteAuthorization, setAuthorizations } from "./authorization-store.ts";
import type { Bank } from "./bank.ts";
import { done, GIVEN_UP, type Outcome, type PaymentRequest } from "./payment.ts";
import { findOrBegin, findPayment, giveUp, moveTo } from "./payment-store.ts";

/*
 * What is done with a payment, each time in this order: our row says what we are about to do, the bank does it, our row says
 * what came of it. No transaction is open while the bank is asked. Killed in between, it is asked again:
 *
 *   row in_progress ─▶ bank ─▶ row authorized
 *
 * `isIdempotent` is the idempotencyKeys policy. With it, what is known is answered from the books, and what is not is asked
 * with a key. Without it, whoever is told twice asks the bank twice, and captures all that the bank gave for the order.
 */
export type PaymentParts = { database: Database; bank: Bank; isIdempotent: () => boolean };

/** Rejects with a CallError when the bank gives no answer; the payment stays in progress. */
export async function authorizePayment(request: PaymentRequest, parts: PaymentParts): Promise<Outcome> {
  const { database, bank } = parts;
  const { orderId } = request;
  const { state, amountCents, reason } = await findOrBegin(database, request);
  if (state === "voided" && amountCents === null) return GIVEN_UP;
  if (parts.isIdempotent()) {
    if (state === "authorized" || state === "captured") return done;
    if (state === "declined") return { done: false, reason: reason ?? "declined before" };
  }

  const answer = await bank.authorize(request);
  if ("declined" in answer) {
    await moveTo(database, orderId, { from: ["in_progress"], to: "declined", reason: answer.declined });
    return { done: false, reason: answer.declined };
  }
  const now = await database.transaction(async (tx) => {
    // Locked, so that a VoidPayment on its way finds either no authorization and is seen here, or this one.
    await findPayment(tx, orderId, "FOR UPDATE");
    await noteAuthorization(tx, answer.authorizationId, orderId);
    return moveTo(tx, orderId, { from: ["in_progress", "declined"], to: "authorized" });
  });
  if (now !== "voided") return done;
  await voidAuthorizations(orderId, parts);
  return GIVEN_UP;
}

/** Asks the bank for the money; `noteCaptured` must follow. Rejects with a CallError when the bank gives no answer. */
export async function captureAtBank(orderId: string, { database, bank, isIdempotent }: PaymentParts): Promise<Outcome> {
  const payment = await findPayment(database, orderId);
  if (payment?.state !== "authorized" && payment?.state !== "captured") {
    return { done: false, reason: `nothing is authorized for order ${orderId}` };
  }
  const states = isIdempotent() ? (["authorized"] as const) : (["authorized", "captured"] as const);
  for (const id of await listAuthorizations(database, orderId, [...states])) await bank.capture(id, orderId);
  return done;
}

export async function noteCaptured(tx: Queries, orderId: string) {
  await moveTo(tx, orderId, { from: ["authorized"], to: "captured" });
  await setAuthorizations(tx, await listAuthorizations(tx, orderId, ["authorized"]), "captured");
}

/** Also of an order that is not known yet: it is noted, and an AuthorizePayment that comes later is declined. */
export async function voidPayment(orderId: string, parts: PaymentParts): Promise<Outcome> {
  const now = await giveUp(parts.database, orderId);
  if (now === "captured") return { done: false, reason: `the money of order ${orderId} has been captured` };
  await voidAuthorizations(orderId, parts);
  return done;
}

async function voidAuthorizations(orderId: string, { database, bank }: PaymentParts) {
  const open = await listAuthorizations(database, orderId, ["authorized"]);
  for (const id of open) await bank.void(id, orderId);
  if (open.length > 0) await setAuthorizations(database, open, "voided");
}
