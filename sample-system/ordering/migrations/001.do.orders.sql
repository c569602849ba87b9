-- One row an order. `idempotency_key` is the customer's: the same key is the same order.
CREATE TABLE orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  sku text NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  amount_cents integer NOT NULL CHECK (amount_cents > 0),
  status text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'CONFIRMED', 'CANCELLED', 'FAILED')),
  reason text,
  needs_help boolean NOT NULL DEFAULT false,
  idempotency_key text UNIQUE,
  trace_id text,
  placed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX orders_by_change ON orders (changed_at);
CREATE INDEX orders_in_need ON orders (placed_at) WHERE needs_help;

-- The sagas that are not over: what each knows (saga/state.ts), when it is due, and the trace that it goes on in.
CREATE TABLE sagas (
  order_id uuid PRIMARY KEY REFERENCES orders ON DELETE CASCADE,
  state jsonb NOT NULL,
  due_at timestamptz NOT NULL,
  trace jsonb NOT NULL
);
CREATE INDEX sagas_due ON sagas (due_at);

-- What happened to an order, line by line.
CREATE TABLE saga_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  step text NOT NULL,
  what text NOT NULL
);
CREATE INDEX saga_log_of_order ON saga_log (order_id, id);

-- Catalog's prices, as its events told them. `as_of` is the event's time: an older one that comes later changes nothing.
CREATE TABLE prices (
  sku text PRIMARY KEY,
  price_cents integer NOT NULL,
  as_of timestamptz NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
