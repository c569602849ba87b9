-- One row an order. `voided` may stand alone, without an amount: the order was given up before it was begun (a tombstone).
CREATE TABLE payments (
  order_id uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('in_progress', 'authorized', 'captured', 'voided', 'declined')),
  amount_cents integer CHECK (amount_cents > 0),
  reason text,
  trace_id text,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX payments_by_change ON payments (changed_at);

-- What the bank has authorized for them: more than one for an order is one too many.
CREATE TABLE authorizations (
  id text PRIMARY KEY,
  order_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('authorized', 'captured', 'voided')),
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX authorizations_by_order ON authorizations (order_id);
