import type { z } from "zod";
import type { Queries } from "../kit/database.ts";
import { sqlState } from "../kit/database-errors.ts";
import type { newProduct, Product } from "./product.ts";

const columns = `sku, name, price_cents AS "priceCents", available`;

/**
 * What a read costs the database: capacity is simulated here as everywhere in the shop. Twelve rows are read in no time;
 * a page of a real catalog is not, and that is why there is a cache to lose.
 */
const READ_COST_SECONDS = 0.025;
const source = `products, pg_sleep(${READ_COST_SECONDS})`;

const UNIQUE_VIOLATION = "23505";

export function listProducts(queries: Queries): Promise<Product[]> {
  return queries.query<Product>(`SELECT ${columns} FROM ${source} ORDER BY sku`);
}

export async function findProduct(queries: Queries, sku: string): Promise<Product | null> {
  const [product] = await queries.query<Product>(`SELECT ${columns} FROM ${source} WHERE sku = $1`, [sku]);
  return product ?? null;
}

/** False when there is one of this sku already. */
export async function addProduct(queries: Queries, { sku, name, priceCents }: z.infer<typeof newProduct>) {
  try {
    await queries.query("INSERT INTO products (sku, name, price_cents) VALUES ($1, $2, $3)", [sku, name, priceCents]);
    return true;
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) return false;
    throw error;
  }
}

/** False when there is no such product. */
export async function setPrice(queries: Queries, sku: string, priceCents: number): Promise<boolean> {
  const changed = await queries.query(
    "UPDATE products SET price_cents = $2, price_changed_at = clock_timestamp() WHERE sku = $1 RETURNING sku",
    [sku, priceCents],
  );
  return changed.length > 0;
}

/** Messages overtake each other: what is known of a later time (epoch ms) stays. */
export async function setAvailable(queries: Queries, sku: string, available: number | null, at: number) {
  await queries.query(
    `UPDATE products SET available = $2, stock_changed_at = to_timestamp($3::float8 / 1000)
     WHERE sku = $1 AND (stock_changed_at IS NULL OR stock_changed_at <= to_timestamp($3::float8 / 1000))`,
    [sku, available, at],
  );
}

/** Back to the seed; the products whose price that changed, as they are now. */
export async function reseed(queries: Queries) {
  const before = await queries.query<{ sku: string; cents: number }>("SELECT sku, price_cents AS cents FROM products");
  await queries.query("TRUNCATE products");
  await queries.query("SELECT seed_products()");
  const old = new Map(before.map(({ sku, cents }) => [sku, cents]));
  const now = await queries.query<Product>(`SELECT ${columns} FROM products`);
  return now.filter(({ sku, priceCents }) => old.has(sku) && old.get(sku) !== priceCents);
}
