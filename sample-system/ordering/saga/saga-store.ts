import type { Queries } from "../../kit/database.ts";
import { type Order, orderColumns } from "../order-store.ts";
import type { Saga } from "./state.ts";

/*
 * The sagas of ordering-db that are not over. A row is locked from the moment it is read until the transaction ends, so
 * that a reply and a deadline of the same order never work on it at once.
 */
export type SagaRow = {
  saga: Saga;
  order: Order;
  /** Headers of the trace in which the order was placed. */
  trace: Record<string, string>;
};
type Columns = Order & { state: Saga; trace: Record<string, string> };

const select = `SELECT ${orderColumns}, state, trace FROM sagas JOIN orders ON orders.id = sagas.order_id`;

export async function insertSaga(queries: Queries, { order, saga, trace }: SagaRow) {
  await queries.query(
    "INSERT INTO sagas (order_id, state, due_at, trace) VALUES ($1, $2, to_timestamp($3::float8 / 1000), $4)",
    [order.id, JSON.stringify(saga), saga.dueAt, JSON.stringify(trace)],
  );
}

/** Undefined when it is over, or there never was one. */
export async function lockSaga(queries: Queries, orderId: string): Promise<SagaRow | undefined> {
  const [row] = await queries.query<Columns>(`${select} WHERE order_id = $1 FOR UPDATE OF sagas`, [orderId]);
  return row && toSagaRow(row);
}

/** The saga that has been due for longest, unless somebody has it in work. */
export async function lockDueSaga(queries: Queries, now: number): Promise<SagaRow | undefined> {
  const [row] = await queries.query<Columns>(
    `${select} WHERE due_at <= to_timestamp($1::float8 / 1000) ORDER BY due_at LIMIT 1 FOR UPDATE OF sagas SKIP LOCKED`,
    [now],
  );
  return row && toSagaRow(row);
}

export async function isAnySagaDue(queries: Queries, now: number): Promise<boolean> {
  const due = await queries.query("SELECT 1 FROM sagas WHERE due_at <= to_timestamp($1::float8 / 1000) LIMIT 1", [now]);
  return due.length > 0;
}

/** One that is over is forgotten; its history stays. */
export async function saveSaga(queries: Queries, orderId: string, saga: Saga) {
  if (saga.phase === "over") return void (await queries.query("DELETE FROM sagas WHERE order_id = $1", [orderId]));
  await queries.query("UPDATE sagas SET state = $2, due_at = to_timestamp($3::float8 / 1000) WHERE order_id = $1", [
    orderId,
    JSON.stringify(saga),
    saga.dueAt,
  ]);
}

function toSagaRow({ state, trace, ...order }: Columns): SagaRow {
  return { saga: state, order, trace };
}
