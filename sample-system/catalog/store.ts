import type { Database } from "../kit/database.ts";

export type Product = { sku: string; name: string; priceCents: number };
export type ProductStore = { list(): Promise<Product[]>; get(sku: string): Promise<Product | undefined> };

const columns = `sku, name, price_cents AS "priceCents"`;

export const migration = `
  CREATE TABLE IF NOT EXISTS products (sku text PRIMARY KEY, name text NOT NULL, price_cents integer NOT NULL);
  INSERT INTO products VALUES
    ('apple', 'Apples, 1 kg', 299), ('bread', 'Rye bread', 349), ('butter', 'Butter', 279), ('cheese', 'Mountain cheese', 599),
    ('coffee', 'Coffee beans', 899), ('eggs', 'Eggs, ten', 329), ('honey', 'Honey', 649), ('jam', 'Plum jam', 389),
    ('milk', 'Milk, 1 l', 139), ('oats', 'Rolled oats', 199), ('pasta', 'Pasta', 179), ('tea', 'Black tea', 429)
  ON CONFLICT DO NOTHING`;

export function createProductStore(database: Database): ProductStore {
  return {
    list: () => database.query<Product>(`SELECT ${columns} FROM products ORDER BY sku`),
    async get(sku) {
      const [product] = await database.query<Product>(`SELECT ${columns} FROM products WHERE sku = $1`, [sku]);
      return product;
    },
  };
}
