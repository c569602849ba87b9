import { CallError } from "../kit/calls/call-error.ts";
import { type Message, PoisonMessageError, TransientError, type Tx } from "../kit/messaging/messaging.ts";
import { readBody } from "../kit/messaging/read-body.ts";
import { authorizePayment, captureAtBank, noteCaptured, type PaymentParts, voidPayment } from "./change-payment.ts";
import { type Outcome, orderBody, paymentBody } from "./payment.ts";

/*
 * The commands of the saga: the bank is asked before the transaction, the answer goes out with it.
 * Each is answered each time it comes, with its outcome.
 */
export function createCommands(parts: PaymentParts) {
  return {
    AuthorizePayment: {
      prepare: (message: Message) => askBank(() => authorizePayment(readBody(paymentBody, message), parts)),
      async handle(message: Message, tx: Tx, outcome: Outcome) {
        const { orderId } = readBody(paymentBody, message);
        if (outcome.done) return tx.emit({ name: "PaymentAuthorized", correlationId: orderId, body: { orderId } });
        const { reason } = outcome;
        await tx.emit({ name: "PaymentDeclined", correlationId: orderId, body: { orderId, reason } });
      },
    },
    CapturePayment: {
      prepare: (message: Message) => askBank(() => captureAtBank(toOrderId(message), parts)),
      async handle(message: Message, tx: Tx, outcome: Outcome) {
        expectDone(outcome);
        const orderId = toOrderId(message);
        await noteCaptured(tx, orderId);
        await tx.emit({ name: "PaymentCaptured", correlationId: orderId, body: { orderId } });
      },
    },
    VoidPayment: {
      prepare: (message: Message) => askBank(() => voidPayment(toOrderId(message), parts)),
      async handle(message: Message, tx: Tx, outcome: Outcome) {
        expectDone(outcome);
        const orderId = toOrderId(message);
        await tx.emit({ name: "PaymentVoided", correlationId: orderId, body: { orderId } });
      },
    },
  };
}

function toOrderId(message: Message): string {
  return readBody(orderBody, message).orderId;
}

/** A bank that gives no answer now is asked again, for as long as it takes: the order waits meanwhile. */
async function askBank(ask: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CallError) throw new TransientError(error.message, { cause: error });
    throw error;
  }
}

/** There is no answer for what cannot be done to a payment in this state: it is for someone to look at. */
function expectDone(outcome: Outcome) {
  if (!outcome.done) throw new PoisonMessageError(outcome.reason);
}
