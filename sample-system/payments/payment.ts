import { z } from "zod";

/*
 * An order's payment:
 *
 *   AuthorizePayment ─▶ in_progress ─ bank ─┬─▶ authorized ── CapturePayment ─▶ captured
 *                                           └─▶ declined
 *   VoidPayment ─▶ voided, from all but captured; also of an order that was never begun (a tombstone)
 *
 * in_progress is also what stays when the bank gave no answer: it may have authorized all the same.
 */
export type PaymentState = "in_progress" | "authorized" | "captured" | "voided" | "declined";

/** `amountCents`: null for one that was never begun. */
export type Payment = { orderId: string; state: PaymentState; amountCents: number | null; reason: string | null };

export const orderBody = z.object({ orderId: z.uuid() });
export const paymentBody = z.object({ orderId: z.uuid(), amountCents: z.number().int().min(1) });
export type PaymentRequest = z.infer<typeof paymentBody>;

export type Outcome = { done: true } | { done: false; reason: string };
export const done: Outcome = { done: true };
export const GIVEN_UP: Outcome = { done: false, reason: "the order was given up before" };
