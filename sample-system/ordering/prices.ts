import { z } from "zod";
import { backoffMs } from "../kit/backoff.ts";
import type { Edge } from "../kit/calls/call-edge.ts";
import type { Database, Queries } from "../kit/database.ts";
import { DatabaseDownError } from "../kit/database-errors.ts";
import { HttpError } from "../kit/http-server.ts";
import { log, toReason } from "../kit/log.ts";
import type { Consumes, Handler } from "../kit/messaging/messaging.ts";
import { readBody } from "../kit/messaging/read-body.ts";
import { isOn } from "../kit/policies/is-on.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { expectOk } from "./expect-ok.ts";

/*
 * What things cost. Catalog decides it; ordering asks, or keeps a replica:
 *
 *   replication off   GET /products/:sku ─▶ catalog, for every order
 *   replication on    prices ◀── ProductAdded, ProductPriceChanged        catalog may be dead meanwhile
 *                       ◀─────── GET /products, all of them: at start, when switched on, and when a sku is missing
 *
 * Events are taken in either case, so that the replica is fresh whenever it is wanted.
 */
export type Prices = {
  priceCents(sku: string): Promise<number>;
  consumes: Consumes;
  /** The replica, for the auditor; empty while nobody relies on it. */
  audit(): Promise<object[]>;
  /** Forgets the replica: the next order fetches it anew. */
  reset(queries: Queries): Promise<void>;
  close(): void;
};
type Parts = { policies: Policies; database: Database; catalog: Pick<Edge, "call"> };

const priceCents = z.number().int().min(1);
const productEvent = z.object({ sku: z.string().max(100), priceCents });
const product = z.object({ priceCents });
const productList = z.object({ products: z.array(productEvent) });

/** A list may be older than its arrival: an event of the last seconds counts more. */
const LIST_AGE_MS = 5_000;
/** As many as a catalog of this size can have. */
const MAX_AUDITED = 5_000;

export function createPrices({ policies, database, catalog }: Parts): Prices {
  let fetching: Promise<void> | undefined;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  const isReplicated = () => isOn(policies, "replication");

  /** One fetch for all who miss something at once. */
  function fetchAll(): Promise<void> {
    fetching ??= fetchOnce().finally(() => {
      fetching = undefined;
    });
    return fetching;
  }
  async function fetchOnce() {
    const asOf = Date.now() - LIST_AGE_MS;
    const answer = await catalog.call({ method: "GET", path: "/products", template: "/products" });
    const { products } = productList.parse(expectOk(answer));
    await keep(database, products, asOf);
  }
  async function fetchUntilDone(attempt = 0) {
    clearTimeout(retry);
    try {
      await fetchAll();
    } catch (error) {
      if (closed) return;
      // One's own database says itself that it is waited for.
      if (attempt === 0 && !(error instanceof DatabaseDownError)) log(`prices are not here yet: ${toReason(error)}`);
      retry = setTimeout(() => void fetchUntilDone(attempt + 1), backoffMs(attempt));
    }
  }

  let wasReplicated = isReplicated();
  const stopObeying = policies.onChange(() => {
    if (isReplicated() && !wasReplicated) void fetchUntilDone();
    wasReplicated = isReplicated();
  });
  void fetchUntilDone();

  async function askCatalog(sku: string) {
    const path = `/products/${encodeURIComponent(sku)}`;
    return product.parse(expectOk(await catalog.call({ method: "GET", path, template: "/products/:sku" }))).priceCents;
  }

  return {
    async priceCents(sku) {
      if (!isReplicated()) return askCatalog(sku);
      const known = await find(database, sku);
      if (known !== undefined) return known;
      await fetchAll();
      const found = await find(database, sku);
      if (found === undefined) throw new HttpError(404, `there is no product "${sku}"`);
      return found;
    },
    consumes: { ProductAdded: takePrice, ProductPriceChanged: takePrice },
    async audit() {
      if (!isReplicated()) return [];
      return database.query(
        `SELECT sku, price_cents AS "priceCents", (extract(epoch FROM changed_at) * 1000)::float8 AS "changedAt"
         FROM prices ORDER BY sku LIMIT ${MAX_AUDITED}`,
      );
    },
    async reset(queries) {
      await queries.query("TRUNCATE prices");
    },
    close() {
      closed = true;
      clearTimeout(retry);
      stopObeying();
    },
  };
}

const takePrice: Handler = {
  async handle(message, tx) {
    await keep(tx, [readBody(productEvent, message)], message.at);
  },
};

async function find(queries: Queries, sku: string): Promise<number | undefined> {
  const [row] = await queries.query<{ cents: number }>("SELECT price_cents AS cents FROM prices WHERE sku = $1", [sku]);
  return row?.cents;
}

/** Messages overtake each other: what is known of a later time stays. */
async function keep(queries: Queries, products: z.infer<typeof productEvent>[], asOf: number) {
  await queries.query(
    `INSERT INTO prices (sku, price_cents, as_of)
     SELECT sku, cents, to_timestamp($3::float8 / 1000) FROM unnest($1::text[], $2::int[]) AS told(sku, cents)
     ON CONFLICT (sku) DO UPDATE SET price_cents = excluded.price_cents, as_of = excluded.as_of, changed_at = clock_timestamp()
     WHERE prices.as_of < excluded.as_of`,
    [products.map(({ sku }) => sku), products.map(({ priceCents }) => priceCents), asOf],
  );
}
