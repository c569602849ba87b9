-- One row a product, the hot one: every order of that product changes it.
-- on_hand can be promised to the next order, reserved is promised, shipped has left: together they are initial.
CREATE TABLE stock (
  sku text PRIMARY KEY,
  initial integer NOT NULL CHECK (initial >= 0),
  on_hand integer NOT NULL CHECK (on_hand >= 0),
  reserved integer NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  shipped integer NOT NULL DEFAULT 0 CHECK (shipped >= 0)
);

-- One row an order. `released` may stand alone, without goods: the order was given up before it asked (a tombstone).
CREATE TABLE reservations (
  order_id uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('reserved', 'committed', 'released', 'rejected')),
  sku text NOT NULL,
  quantity integer NOT NULL CHECK (quantity >= 0),
  reason text,
  trace_id text,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX reservations_by_change ON reservations (changed_at);

-- Enough for days of workshop at full load.
INSERT INTO stock (sku, initial, on_hand)
SELECT sku, 1000000, 1000000 FROM unnest(ARRAY[
  'apple', 'bread', 'butter', 'cheese', 'coffee', 'eggs', 'honey', 'jam', 'milk', 'oats', 'pasta', 'tea']) AS sku;
