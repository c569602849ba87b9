import type { FastifyInstance } from "fastify";

/** One line on what something waits for, or null when it waits for nothing. */
export type Need = { waitingFor(): string | null | Promise<string | null> };

/**
 * A bounded context as code: the same in a process of its own (serve.ts) and beside the others in the monolith.
 * It is handed everything that differs between the two: its database, its bus, and the edges to those whom it asks.
 */
export type Module = {
  name: string;
  /** What others may ask of it over HTTP. */
  addRoutes(server: FastifyInstance): void;
  /** What it needs before it can answer. */
  needs: Need[];
  /** What the auditor reads: rows changed since then (epoch ms), oldest first. */
  audit?(query: { since: number }): Promise<object>;
  /** Back to the seed data, nothing in the queues, breakers closed. May be repeated. */
  reset(): Promise<void>;
  /** Closed in this order. */
  parts: { close(): unknown }[];
};
