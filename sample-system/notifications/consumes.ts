import type { Consumes } from "../kit/messaging/messaging.ts";
import { readBody } from "../kit/messaging/read-body.ts";
import { orderCancelled, orderConfirmed, toCancellation, toConfirmation } from "./mail.ts";
import { sendMail } from "./mail-store.ts";

/** What becomes of an order, told to its customer. Nobody asks for it, and nobody waits for it. */
export const consumes: Consumes = {
  OrderConfirmed: {
    async handle(message, tx) {
      const order = readBody(orderConfirmed, message);
      if (!order.mailed) await sendMail(tx, toConfirmation(order));
    },
  },
  OrderCancelled: {
    handle: (message, tx) => sendMail(tx, toCancellation(readBody(orderCancelled, message))),
  },
};
