-- Messages that were decided and not yet taken by the broker, in the order of their decision.
CREATE TABLE outbox (
  id bigserial PRIMARY KEY,
  message json NOT NULL,
  headers json NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);

-- Messages that were handled, so that one that comes again is known.
CREATE TABLE inbox (
  message_id text PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_at ON inbox (at);
