import pg from "pg";
import { backoffMs } from "./backoff.ts";
import { DatabaseDownError, isDown, isUnmigrated } from "./database-errors.ts";
import { log, toReason } from "./log.ts";
import { type Migrations, migrate } from "./migrate.ts";
import { namePeer } from "./otel/peers.ts";

export { DatabaseDownError };

/*
 * A service's own Postgres: a small pool, and tables that the service makes itself.
 *
 *   openDatabase ─▶ migrate, again and again with growing pauses, until it succeeds ─▶ ready
 *
 * It is opened before the database answers, and outlives its death: broken connections are dropped, new ones are made by
 * the next query. A database that comes back empty is migrated again.
 */
export type Queries = {
  /** The rows. Rejects with DatabaseDownError within QUERY_TIMEOUT_MS, at once while the tables are not there. */
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
};

export type Database = Queries & {
  /**
   * All of `work` or nothing. It holds one of the few connections meanwhile: ask through `tx` only, and no other service.
   * When the connection breaks at the commit it rejects with DatabaseDownError, and may have been done all the same.
   */
  transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
  /** Tables that the kit needs beside the service's own. Not ready until they are there too. */
  alsoMigrate(migrations: Migrations): void;
  /** One line, or null when ready. */
  waitingFor(): string | null;
  close(): Promise<void>;
};

export type DatabaseParts = {
  url: string;
  /** Its name on the map. */
  peer: string;
  /** Folder of `NNN.do.name.sql`. */
  migrations: URL;
  /** Where several share a database, each in a schema of its own. */
  schema?: string;
  maxConnections?: number;
};

const MAX_CONNECTIONS = 5;
const CONNECT_TIMEOUT_MS = 2_000;
const QUERY_TIMEOUT_MS = 5_000;

export function openDatabase({ url, peer, migrations, schema = "public", maxConnections }: DatabaseParts): Database {
  namePeer(url, peer);
  const pool = new pg.Pool({
    connectionString: url,
    options: `-c search_path=${schema}`,
    max: maxConnections ?? MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  // A connection that breaks while nobody asks anything is no error of ours: the next query finds out, or the pool drops it.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));

  const wanted: Migrations[] = [{ folder: migrations, versionTable: "schema_version" }];
  let ready = false;
  let migrating = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  async function makeTables(attempt = 0) {
    migrating = true;
    try {
      // More may be wanted while these are made.
      for (let made = 0; made < wanted.length; ) {
        const all = [...wanted];
        await withConnection((client) => migrate(client, schema, all).catch(explain));
        made = all.length;
      }
      migrating = false;
      ready = true;
      log(`${peer} is ready`);
    } catch (error) {
      if (closed) return;
      if (attempt === 0) log(`waiting for ${peer}: ${toReason(error)}`);
      retry = setTimeout(() => void makeTables(attempt + 1), backoffMs(attempt));
    }
  }

  /** Errors of the database are told in our own words; those of the work itself pass as they are. */
  async function withConnection<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch(explain);
    let broken = false;
    try {
      return await work(client);
    } catch (error) {
      broken = error instanceof DatabaseDownError;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  function explain(error: unknown): never {
    const message = `${peer}: ${toReason(error)}`;
    if (isUnmigrated(error)) {
      ready = false;
      if (!migrating) void makeTables();
    } else if (!isDown(error)) throw new Error(message, { cause: error });
    throw new DatabaseDownError(message, { cause: error });
  }

  async function ask<Row extends object>(client: pg.PoolClient, text: string, values: unknown[] = []) {
    return client.query<Row>(text, values).catch(explain);
  }
  function assertReady() {
    if (!ready) throw new DatabaseDownError(`waiting for ${peer}`);
  }

  void makeTables();
  return {
    async query<Row extends object>(text: string, values?: unknown[]) {
      assertReady();
      return withConnection(async (client) => (await ask<Row>(client, text, values)).rows);
    },
    async transaction(work) {
      assertReady();
      return withConnection(async (client) => {
        await ask(client, "BEGIN");
        try {
          const result = await work({
            query: async <Row extends object>(text: string, values?: unknown[]) =>
              (await ask<Row>(client, text, values)).rows,
          });
          const { command } = await ask(client, "COMMIT");
          // Postgres answers so when a query failed and the work went on regardless.
          if (command === "ROLLBACK") throw new Error(`${peer}: rolled back, since a query of the transaction failed`);
          return result;
        } catch (error) {
          if (!(error instanceof DatabaseDownError)) await ask(client, "ROLLBACK");
          throw error;
        }
      });
    },
    alsoMigrate(more) {
      if (wanted.some(({ versionTable }) => versionTable === more.versionTable)) return;
      wanted.push(more);
      ready = false;
      if (!migrating) void makeTables();
    },
    waitingFor: () => (ready ? null : peer),
    async close() {
      closed = true;
      clearTimeout(retry);
      await pool.end();
    },
  };
}
