import type { Database, Queries } from "../database.ts";
import type { Headers, Message } from "./message.ts";

/** A message with the trace in which it was decided. */
export type Outgoing = { message: Message; headers: Headers };

/** Kept with whatever else the transaction changes; the relay publishes it. */
export async function addToOutbox(tx: Queries, { message, headers }: Outgoing): Promise<void> {
  await tx.query("INSERT INTO outbox (message, headers) VALUES ($1, $2)", [
    JSON.stringify(message),
    JSON.stringify(headers),
  ]);
}

/** How many wait, and for how long the oldest does. */
export async function countOutbox(database: Queries): Promise<{ outbox: number; oldestOutboxMs: number }> {
  const [row] = await database.query<{ waiting: number; ms: number }>(
    `SELECT count(*)::int AS waiting, coalesce(extract(epoch FROM now() - min(at)) * 1000, 0)::int AS ms FROM outbox`,
  );
  return { outbox: row?.waiting ?? 0, oldestOutboxMs: row?.ms ?? 0 };
}

/**
 * Gives up to `limit` of the oldest to `publish`, and forgets those that it took. Rows that another relay holds are left
 * to it. Returns how many there were and how many were taken.
 */
export function relayOutbox(database: Database, limit: number, publish: (outgoing: Outgoing) => Promise<void>) {
  return database.transaction(async (tx) => {
    const rows = await tx.query<Outgoing & { id: string }>(
      "SELECT id, message, headers FROM outbox ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED",
      [limit],
    );
    const outcomes = await Promise.allSettled(rows.map((row) => publish(row)));
    const taken = rows.filter((_row, i) => outcomes[i]?.status === "fulfilled").map(({ id }) => id);
    if (taken.length > 0) await tx.query("DELETE FROM outbox WHERE id = ANY($1::bigint[])", [taken]);
    return { found: rows.length, taken: taken.length };
  });
}
