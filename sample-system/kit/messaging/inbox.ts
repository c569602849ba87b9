import type { Database, Queries } from "../database.ts";
import { log, toReason } from "../log.ts";

/** How long a message is known again; a redelivery comes within seconds, or when its consumer is back. */
const KEPT = "1 hour";
const PRUNE_MS = 60_000;

/** False for a message that was handled before. The row stands or falls with the transaction. */
export async function addToInbox(tx: Queries, messageId: string): Promise<boolean> {
  const added = await tx.query(
    "INSERT INTO inbox (message_id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING message_id",
    [messageId],
  );
  return added.length > 0;
}

export async function isInInbox(database: Queries, messageId: string): Promise<boolean> {
  return (await database.query("SELECT FROM inbox WHERE message_id = $1", [messageId])).length > 0;
}

/** Forgets what is older than KEPT, now and then. */
export function pruneInbox(database: Database): { close(): void } {
  const timer = setInterval(() => {
    if (database.waitingFor() !== null) return;
    database
      .query(`DELETE FROM inbox WHERE at < now() - interval '${KEPT}'`)
      .catch((error: unknown) => log(`the inbox is not pruned: ${toReason(error)}`));
  }, PRUNE_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
}
