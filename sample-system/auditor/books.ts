import { z } from "zod";

/*
 * What the services say of themselves, each answer checked at the door and merged into one copy.
 *
 *   GET /audit of each ─▶ take ─▶ Books ─▶ invariants
 *
 * Orders that are settled and older than KEPT_MS leave together with everything that belongs to them.
 */
export const KEPT_MS = 10 * 60_000;
/** Beyond so many orders the oldest leave, settled or not. */
const MAX_ORDERS = 20_000;

const traced = { traceId: z.string().nullish(), changedAt: z.number() };
const order = z.object({ id: z.string(), status: z.string(), sku: z.string(), placedAt: z.number(), ...traced });
const reservation = z.object({
  orderId: z.string(),
  state: z.string(),
  sku: z.string(),
  quantity: z.number(),
  ...traced,
});
const payment = z.object({ orderId: z.string(), state: z.string(), ...traced });
const shipment = z.object({ orderId: z.string(), state: z.string(), ...traced });
const mail = z.object({ orderId: z.string(), kind: z.string(), at: z.number() });
const stock = z.object({
  sku: z.string(),
  initial: z.number(),
  onHand: z.number(),
  reserved: z.number(),
  shipped: z.number(),
});
const price = z.object({ sku: z.string(), priceCents: z.number(), changedAt: z.number() });
const product = z.object({
  sku: z.string(),
  priceCents: z.number(),
  priceChangedAt: z.number(),
  available: z.number().nullable(),
});
const bankEntry = z.object({ kind: z.string(), authorizationId: z.string(), reference: z.string(), at: z.number() });
const messaging = z.object({
  outbox: z.number(),
  oldestOutboxMs: z.number(),
  queued: z.number(),
  dead: z.number(),
  explained: z.number(),
});

/** What each service answers; `now` is its own clock, epoch ms. */
export const answers = {
  ordering: z.object({ now: z.number(), orders: z.array(order), prices: z.array(price), messaging }),
  inventory: z.object({ now: z.number(), stock: z.array(stock), reservations: z.array(reservation), messaging }),
  payments: z.object({ now: z.number(), payments: z.array(payment), messaging }),
  shipping: z.object({ now: z.number(), shipments: z.array(shipment), messaging }),
  notifications: z.object({ now: z.number(), mails: z.array(mail), messaging }),
  catalog: z.object({ now: z.number(), products: z.array(product), messaging }),
  bank: z.object({ now: z.number(), entries: z.array(bankEntry) }),
} as const;
export type Service = keyof typeof answers;
export type Answer<S extends Service> = z.infer<(typeof answers)[S]>;

type Messaging = z.infer<typeof messaging>;
export type Books = {
  orders: Map<string, z.infer<typeof order>>;
  reservations: Map<string, z.infer<typeof reservation>>;
  payments: Map<string, z.infer<typeof payment>>;
  shipments: Map<string, z.infer<typeof shipment>>;
  /** By order, then by what makes each entry its own. */
  mails: Map<string, Map<string, z.infer<typeof mail>>>;
  bank: Map<string, Map<string, z.infer<typeof bankEntry>>>;
  stock: Map<string, z.infer<typeof stock>>;
  products: Map<string, z.infer<typeof product>>;
  prices: Map<string, z.infer<typeof price>>;
  messaging: Map<Service, Messaging>;
};

export function createBooks(): Books {
  return {
    orders: new Map(),
    reservations: new Map(),
    payments: new Map(),
    shipments: new Map(),
    mails: new Map(),
    bank: new Map(),
    stock: new Map(),
    products: new Map(),
    prices: new Map(),
    messaging: new Map(),
  };
}

/** Each service's answer, merged; the newest row of an id wins. */
export const take: { [S in Service]: (books: Books, answer: Answer<S>) => void } = {
  ordering(books, { orders, prices, messaging }) {
    for (const row of orders) books.orders.set(row.id, row);
    for (const row of prices) books.prices.set(row.sku, row);
    books.messaging.set("ordering", messaging);
  },
  inventory(books, { stock, reservations, messaging }) {
    for (const row of stock) books.stock.set(row.sku, row);
    for (const row of reservations) books.reservations.set(row.orderId, row);
    books.messaging.set("inventory", messaging);
  },
  payments(books, { payments, messaging }) {
    for (const row of payments) books.payments.set(row.orderId, row);
    books.messaging.set("payments", messaging);
  },
  shipping(books, { shipments, messaging }) {
    for (const row of shipments) books.shipments.set(row.orderId, row);
    books.messaging.set("shipping", messaging);
  },
  notifications(books, { mails, messaging }) {
    for (const row of mails) add(books.mails, row.orderId, `${row.kind}/${row.at}`, row);
    books.messaging.set("notifications", messaging);
  },
  catalog(books, { products, messaging }) {
    for (const row of products) books.products.set(row.sku, row);
    books.messaging.set("catalog", messaging);
  },
  bank(books, { entries }) {
    for (const row of entries) add(books.bank, row.reference, `${row.kind}/${row.authorizationId}/${row.at}`, row);
  },
};

function add<Row>(map: Map<string, Map<string, Row>>, owner: string, key: string, row: Row) {
  const rows = map.get(owner) ?? new Map<string, Row>();
  map.set(owner, rows.set(key, row));
}

export function isSettled(status: string): boolean {
  return status !== "PENDING";
}

/** Orders that nothing can be wrong with any more. `offenders` stay, so that what is broken does not heal by forgetting. */
export function forgetOld(books: Books, now: number, offenders: ReadonlySet<string>) {
  for (const { id, status, changedAt } of books.orders.values()) {
    const old = isSettled(status) && changedAt < now - KEPT_MS && !offenders.has(id);
    if (old || books.orders.size > MAX_ORDERS) forget(books, id);
  }
}

function forget(books: Books, id: string) {
  for (const map of [books.orders, books.reservations, books.payments, books.shipments, books.mails, books.bank]) {
    map.delete(id);
  }
}
