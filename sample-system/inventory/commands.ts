import { PoisonMessageError } from "../kit/messaging/errors.ts";
import type { Consumes } from "../kit/messaging/handler.ts";
import { readBody } from "../kit/messaging/read-body.ts";
import { commitStock, type Outcome, releaseStock, reserveStock } from "./change-stock.ts";
import { goodsBody, orderBody } from "./reservation.ts";

/** The commands of the saga. Each is answered each time it comes, with its outcome. */
export function createCommands(isIdempotent: () => boolean): Consumes {
  return {
    ReserveStock: {
      async handle(message, tx) {
        const goods = readBody(goodsBody, message);
        const { orderId } = goods;
        const outcome = await reserveStock(tx, goods, isIdempotent());
        if (outcome.done) return tx.emit({ name: "StockReserved", correlationId: orderId, body: { orderId } });
        const { reason } = outcome;
        await tx.emit({ name: "StockRejected", correlationId: orderId, body: { orderId, reason } });
      },
    },
    ReleaseStock: {
      async handle(message, tx) {
        const { orderId } = readBody(orderBody, message);
        expectDone(await releaseStock(tx, orderId, isIdempotent()));
        await tx.emit({ name: "StockReleased", correlationId: orderId, body: { orderId } });
      },
    },
    CommitStock: {
      async handle(message, tx) {
        const { orderId } = readBody(orderBody, message);
        expectDone(await commitStock(tx, orderId, isIdempotent()));
        await tx.emit({ name: "StockCommitted", correlationId: orderId, body: { orderId } });
      },
    },
  };
}

/** There is no answer for what cannot be done to an order in this state: it is for someone to look at. */
function expectDone(outcome: Outcome) {
  if (!outcome.done) throw new PoisonMessageError(outcome.reason);
}
