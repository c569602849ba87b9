import type { Consumes } from "../kit/messaging/messaging.ts";
import { readBody } from "../kit/messaging/read-body.ts";
import { stockLevel } from "./product.ts";
import { setAvailable } from "./product-store.ts";

/** The stock badge, copied from inventory's events. What is not copied any more is not known any more. */
export function createConsumes(isReplicated: () => boolean): Consumes {
  return {
    StockLevelChanged: {
      async handle(message, tx) {
        const { sku, available } = readBody(stockLevel, message);
        await setAvailable(tx, sku, isReplicated() ? available : null, message.at);
      },
    },
  };
}
