import type { Queries } from "../kit/database.ts";
import type { Mail } from "./mail.ts";

/** As many rows as one audit answer holds. */
const AUDIT_LIMIT = 5_000;

export type SentMail = Pick<Mail, "orderId" | "kind"> & { at: number };

/** This shop's mails go nowhere but here. */
export async function sendMail(queries: Queries, { orderId, kind, text }: Mail) {
  await queries.query("INSERT INTO mails (order_id, kind, text) VALUES ($1, $2, $3)", [orderId, kind, text]);
}

/** Oldest first; times in epoch ms. */
export function listMails(queries: Queries, since: number): Promise<SentMail[]> {
  return queries.query<SentMail>(
    `SELECT order_id AS "orderId", kind, (extract(epoch FROM sent_at) * 1000)::float8 AS at
     FROM mails WHERE sent_at >= to_timestamp($1::float8 / 1000) ORDER BY sent_at LIMIT ${AUDIT_LIMIT}`,
    [since],
  );
}
