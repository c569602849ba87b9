import type { Queries } from "../kit/database.ts";

export type AuthorizationState = "authorized" | "captured" | "voided";

/** The bank gives the same id again to whoever asks with the same key; it is noted once. */
export async function noteAuthorization(queries: Queries, id: string, orderId: string) {
  await queries.query(
    "INSERT INTO authorizations (id, order_id, state) VALUES ($1, $2, 'authorized') ON CONFLICT DO NOTHING",
    [id, orderId],
  );
}

/** Those of an order, oldest first. */
export async function listAuthorizations(queries: Queries, orderId: string, states: AuthorizationState[]) {
  const rows = await queries.query<{ id: string }>(
    "SELECT id FROM authorizations WHERE order_id = $1 AND state = ANY($2) ORDER BY at",
    [orderId, states],
  );
  return rows.map(({ id }) => id);
}

export async function setAuthorizations(queries: Queries, ids: string[], state: AuthorizationState) {
  await queries.query("UPDATE authorizations SET state = $2 WHERE id = ANY($1)", [ids, state]);
}
