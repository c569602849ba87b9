import type { Database } from "../kit/database.ts";

export type Mail = { orderId: string; text: string };
/** `add` keeps one mail for each order, however often its event arrives. */
export type MailStore = { add(mail: Mail): Promise<void> };

export const migration = `
  CREATE TABLE IF NOT EXISTS mails (order_id uuid PRIMARY KEY, text text NOT NULL, sent_at timestamptz NOT NULL DEFAULT now())`;

export function createMailStore(database: Database): MailStore {
  return {
    async add({ orderId, text }) {
      await database.query("INSERT INTO mails (order_id, text) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
        orderId,
        text,
      ]);
    },
  };
}
