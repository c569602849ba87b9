-- Every mail that went out. That there is one for each order and kind is the inbox's doing, not the table's: without the
-- inbox a customer gets two, and it shows.
CREATE TABLE mails (
  id bigserial PRIMARY KEY,
  order_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('confirmed', 'cancelled')),
  text text NOT NULL,
  sent_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX mails_by_time ON mails (sent_at);
