import { isSettled } from "../books.ts";
import type { Invariant } from "./invariant.ts";

/** What is normal for a checkout that is just on its way. */
const UNDER_WAY_MS = 10_000;

export const everyOrderEnds: Invariant = {
  name: "I5",
  title: "every accepted order is confirmed or cancelled within 30 s",
  toleranceMs: 30_000 - UNDER_WAY_MS,
  reads: ["ordering"],
  find({ orders }, nowMs) {
    return [...orders.values()].flatMap(({ id, status, placedAt, traceId }) =>
      isSettled(status) || nowMs - placedAt < UNDER_WAY_MS ? [] : [{ id, what: "still pending", traceId }],
    );
  },
};
