import { everyOrderEnds } from "./every-order-ends.ts";
import type { Invariant } from "./invariant.ts";
import { messagesDrain } from "./messages-drain.ts";
import { noStaleReservation } from "./no-stale-reservation.ts";
import { oneCharge } from "./one-charge.ts";
import { oneMail } from "./one-mail.ts";
import { paidIsConfirmed } from "./paid-is-confirmed.ts";
import { createReplicasFollow } from "./replicas-follow.ts";
import { stockAddsUp } from "./stock-adds-up.ts";

/** All of them, in the order in which they are shown. */
export function createInvariants(): Invariant[] {
  return [
    oneCharge,
    paidIsConfirmed,
    stockAddsUp,
    noStaleReservation,
    everyOrderEnds,
    messagesDrain,
    createReplicasFollow(),
    oneMail,
  ];
}
