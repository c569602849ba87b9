import pg from "pg";
import { HttpError } from "./http-server.ts";

/** The database could not be reached, or has not been migrated yet. What was asked may have been done all the same. */
export class DatabaseDownError extends HttpError {
  override name = "DatabaseDownError";

  constructor(message: string, options?: ErrorOptions) {
    super(503, message);
    this.cause = options?.cause;
  }
}

/** SQLSTATE that says "not now": connection failures, too many connections, shutting down and starting up. */
const DOWN = /^(08|53|57P)/;
const UNDEFINED_TABLE = "42P01";
const UNDEFINED_SCHEMA = "3F000";

/** Whatever does not come from the server itself is about reaching it, except for our own mistakes. */
export function isDown(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return DOWN.test(error.code ?? "");
  return !(error instanceof TypeError);
}

export function isUnmigrated(error: unknown): boolean {
  const code = sqlState(error);
  return code === UNDEFINED_TABLE || code === UNDEFINED_SCHEMA;
}

/** Postgres's five-letter code of what failed, also of an error that it caused. */
export function sqlState(error: unknown): string | undefined {
  if (error instanceof pg.DatabaseError) return error.code;
  return error instanceof Error && error.cause instanceof pg.DatabaseError ? error.cause.code : undefined;
}
