-- One row an order. `cancelled` may stand alone, without a parcel: the order was given up before it asked (a tombstone).
CREATE TABLE shipments (
  order_id uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('booked', 'cancelled', 'rejected')),
  sku text NOT NULL,
  quantity integer NOT NULL CHECK (quantity >= 0),
  -- Parcels that go to the customer: more than one is one too many.
  parcels integer NOT NULL DEFAULT 0 CHECK (parcels >= 0),
  tracking_id text,
  reason text,
  trace_id text,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX shipments_by_change ON shipments (changed_at);
