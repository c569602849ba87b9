import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Ledger } from "./ledger.ts";

const authorization = z.object({ key: z.string().max(100), amountCents: z.number().int().min(1) });
const query = z.object({ limit: z.coerce.number().int().min(1).max(10_000).default(100) });

export function addRoutes(server: FastifyInstance, ledger: Ledger) {
  /** Every request is a charge: this bank does not ask whether it has seen the key before. */
  server.post("/authorize", async (request) => {
    const { key, amountCents } = authorization.parse(request.body);
    const id = randomUUID();
    ledger.add({ id, key, amountCents, at: new Date().toISOString() });
    return { authorizationId: id };
  });

  server.get("/ledger", async (request) => ({ entries: ledger.newest(query.parse(request.query).limit) }));
}
