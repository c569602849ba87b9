import { z } from "zod";
import type { Consumes, Handler } from "../../kit/messaging/messaging.ts";
import { readBody } from "../../kit/messaging/read-body.ts";
import { takeInput } from "./run-saga.ts";
import { lockSaga } from "./saga-store.ts";
import { replies } from "./steps.ts";

const reply = z.object({ orderId: z.uuid(), reason: z.string().max(500).optional() });

const takeReply: Handler = {
  async handle(message, tx) {
    const { orderId, reason } = readBody(reply, message);
    const row = await lockSaga(tx, orderId);
    // Late, or doubled: the saga is over.
    if (row) await takeInput(row, { kind: "reply", name: message.name, reason }, tx);
  },
};

/** What the participants answer, for whichever order. */
export const takeReplies: Consumes = Object.fromEntries(replies.map((name) => [name, takeReply]));
