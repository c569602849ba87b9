import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Account } from "./account.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";

/** As many entries as one answer holds; who wants more asks again from the last one on. */
export const ENTRY_LIMIT = 5_000;

const authorization = z.object({ reference: z.string().max(100), amountCents: z.number().int().min(1) });
const params = z.object({ id: z.string().max(100) });
const query = z.object({ since: z.coerce.number().min(0).default(0) });
const headers = z.object({ "idempotency-key": z.string().max(200).optional() });

export function addRoutes(server: FastifyInstance, { account, ledger }: { account: Account; ledger: Ledger }) {
  server.post("/authorizations", async (request) =>
    toAnswer(account.authorize(authorization.parse(request.body), toKey(request))),
  );
  server.post("/authorizations/:id/capture", async (request) =>
    toAnswer(account.capture(params.parse(request.params).id, toKey(request))),
  );
  server.post("/authorizations/:id/void", async (request) =>
    toAnswer(account.void(params.parse(request.params).id, toKey(request))),
  );
  server.get("/ledger", async (request) => ({ entries: ledger.since(query.parse(request.query).since, ENTRY_LIMIT) }));
}

function toKey(request: FastifyRequest): string | null {
  return headers.parse(request.headers)["idempotency-key"] ?? null;
}

function toAnswer({ authorizationId, kind }: LedgerEntry) {
  return { authorizationId, state: kind };
}
