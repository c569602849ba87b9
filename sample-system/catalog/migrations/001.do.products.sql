-- `available` is a copy of what inventory says by its events; null where it has said nothing. `stock_changed_at` is the
-- event's time: an older one that comes later changes nothing.
CREATE TABLE products (
  sku text PRIMARY KEY,
  name text NOT NULL,
  price_cents integer NOT NULL CHECK (price_cents > 0),
  price_changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  available integer,
  stock_changed_at timestamptz
);

-- What the shop begins with, and goes back to.
CREATE FUNCTION seed_products() RETURNS void LANGUAGE sql AS $$
  INSERT INTO products (sku, name, price_cents) VALUES
    ('apple', 'Apples, 1 kg', 299), ('bread', 'Rye bread', 349), ('butter', 'Butter', 279),
    ('cheese', 'Mountain cheese', 599), ('coffee', 'Coffee beans', 899), ('eggs', 'Eggs, ten', 329),
    ('honey', 'Honey', 649), ('jam', 'Plum jam', 389), ('milk', 'Milk, 1 l', 139),
    ('oats', 'Rolled oats', 199), ('pasta', 'Pasta', 179), ('tea', 'Black tea', 429)
$$;
SELECT seed_products();
