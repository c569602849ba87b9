import { fileURLToPath } from "node:url";
import type { ClientBase } from "pg";
import Postgrator from "postgrator";

/** A folder of `NNN.do.name.sql`, and the table in which it is written down which of them were run. */
export type Migrations = { folder: URL; versionTable: string };

/** One service at a time: an old process may still end while the next one begins. Any number that all agree on. */
const LOCK = 4_711;

/** Runs what was not run yet, all or nothing. `schema` is made when it is not there. */
export async function migrate(client: ClientBase, schema: string, all: Migrations[]): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
    await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    for (const { folder, versionTable } of all) {
      const postgrator = new Postgrator({
        driver: "pg",
        migrationPattern: `${fileURLToPath(folder).replace(/\/$/, "")}/*.sql`,
        currentSchema: schema,
        schemaTable: versionTable,
        execQuery: (text) => client.query(text),
      });
      await postgrator.migrate();
    }
    await client.query("COMMIT");
  } catch (error) {
    // Where the connection broke there is nothing to roll back.
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}
