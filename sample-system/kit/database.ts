import pg from "pg";
import { backoffMs } from "./backoff.ts";
import { HttpError } from "./http-server.ts";
import { log, toReason } from "./log.ts";
import { namePeer } from "./otel/peers.ts";

/*
 * A service's own Postgres: a small pool, and tables that the service makes itself.
 *
 *   openDatabase ─▶ migrate, again and again with growing pauses, until it succeeds ─▶ ready
 *
 * It is opened before the database answers, and outlives its death: broken connections are dropped, new ones are made by
 * the next query. A database that comes back empty is migrated again.
 */
export type Database = {
  /** The rows. Rejects after QUERY_TIMEOUT_MS, at once while the tables are not there. */
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** One line, or null when ready. */
  waitingFor(): string | null;
  close(): Promise<void>;
};

const MAX_CONNECTIONS = 5;
const CONNECT_TIMEOUT_MS = 2_000;
const QUERY_TIMEOUT_MS = 5_000;
const UNDEFINED_TABLE = "42P01";

/** `migration` is SQL that may be run any number of times. `peer` is the database's name on the map. */
export function openDatabase({ url, peer, migration }: { url: string; peer: string; migration: string }): Database {
  namePeer(url, peer);
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  // An idle connection that breaks is no error of ours: the pool drops it.
  pool.on("error", () => {});

  let ready = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  async function migrate(attempt = 0) {
    try {
      await pool.query(migration);
      ready = true;
      log(`${peer} is ready`);
    } catch (error) {
      if (closed) return;
      if (attempt === 0) log(`waiting for ${peer}: ${toReason(error)}`);
      retry = setTimeout(() => void migrate(attempt + 1), backoffMs(attempt));
    }
  }
  void migrate();

  return {
    async query<Row extends object>(text: string, values: unknown[] = []) {
      if (!ready) throw new HttpError(503, `waiting for ${peer}`);
      try {
        const result = await pool.query<Row>(text, values);
        return result.rows;
      } catch (error) {
        if (ready && error instanceof Error && "code" in error && error.code === UNDEFINED_TABLE) {
          ready = false;
          void migrate();
        }
        throw new Error(`${peer}: ${toReason(error)}`, { cause: error });
      }
    },
    waitingFor: () => (ready ? null : peer),
    async close() {
      closed = true;
      clearTimeout(retry);
      await pool.end();
    },
  };
}
