/*
 * Checkout as a table: one row is one step. The saga goes down the rows, and back up when one of them cannot be done.
 *
 *   T1 order PENDING ─▶ T2 stock ─▶ T3 payment ─▶ T4 shipment ─▶ T5 capture ─▶ T6 commit ─▶ T7 CONFIRMED
 *                       └──── may be refused, then all is undone ────┘   └── tried until done ──┘
 *
 * T4 is the pivot: once it is done nothing after it may be refused, so rows with a `decision` come before rows without.
 * T1 and T7 are the order itself and stand in saga.ts.
 */
export type Participant = "inventory" | "payments" | "shipping";
export type OrderLines = { id: string; sku: string; quantity: number; amountCents: number };

export type Step = {
  id: string;
  participant: Participant;
  command: string;
  body(order: OrderLines): object;
  /** The reply that says it is done. */
  done: string;
  /** Absent: the step cannot be refused and is sent again until it is done. */
  decision?: Decision;
};
export type Decision = {
  /** The reply that says no, with a reason. */
  refused: string;
  /** Without a reply after this long the outcome is unknown, and the participant is asked for it by order id. */
  deadlineMs: number;
  /** How long after the deadline it is asked, before the saga gives up and compensates. */
  patienceMs: number;
  /** Where it is asked, and which states say that it is done, or that it will never be. */
  ask: { path: string; done: readonly string[]; refused: readonly string[] };
  /** `awaited`: the customer is told that the order is off only when this is undone. */
  undo: { command: string; done: string; awaited: boolean };
};

export const steps: readonly Step[] = [
  {
    id: "T2",
    participant: "inventory",
    command: "ReserveStock",
    body: ({ id, sku, quantity }) => ({ orderId: id, sku, quantity }),
    done: "StockReserved",
    decision: {
      refused: "StockRejected",
      deadlineMs: 4_000,
      patienceMs: 60_000,
      ask: { path: "/reservations", done: ["reserved", "committed"], refused: ["released", "rejected"] },
      undo: { command: "ReleaseStock", done: "StockReleased", awaited: true },
    },
  },
  {
    id: "T3",
    participant: "payments",
    command: "AuthorizePayment",
    body: ({ id, amountCents }) => ({ orderId: id, amountCents }),
    done: "PaymentAuthorized",
    decision: {
      refused: "PaymentDeclined",
      deadlineMs: 6_000,
      patienceMs: 60_000,
      ask: { path: "/payments", done: ["authorized", "captured"], refused: ["voided", "declined"] },
      undo: { command: "VoidPayment", done: "PaymentVoided", awaited: true },
    },
  },
  {
    id: "T4",
    participant: "shipping",
    command: "BookShipment",
    body: ({ id, sku, quantity }) => ({ orderId: id, sku, quantity }),
    done: "ShipmentBooked",
    decision: {
      refused: "ShipmentRejected",
      deadlineMs: 4_000,
      patienceMs: 6_000,
      ask: { path: "/shipments", done: ["booked"], refused: ["cancelled", "rejected"] },
      // A dead carrier must not keep a customer waiting whose money and stock are back already.
      undo: { command: "CancelShipment", done: "ShipmentCancelled", awaited: false },
    },
  },
  {
    id: "T5",
    participant: "payments",
    command: "CapturePayment",
    body: ({ id }) => ({ orderId: id }),
    done: "PaymentCaptured",
  },
  {
    id: "T6",
    participant: "inventory",
    command: "CommitStock",
    body: ({ id }) => ({ orderId: id }),
    done: "StockCommitted",
  },
];

/** Throws for a step that this version does not know. */
export function toStep(id: string): Step {
  const step = steps.find((candidate) => candidate.id === id);
  if (!step) throw new Error(`the checkout saga has no step ${id}`);
  return step;
}

/** As toStep, for a step that can be undone. */
export function toDecision(id: string): Decision {
  const { decision } = toStep(id);
  if (!decision) throw new Error(`step ${id} of the checkout saga cannot be undone`);
  return decision;
}

/** The names of all replies, which is what ordering listens to. */
export const replies: readonly string[] = steps.flatMap(({ done, decision }) =>
  decision ? [done, decision.refused, decision.undo.done] : [done],
);
