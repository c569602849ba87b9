import { trace } from "@opentelemetry/api";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { HttpError } from "../kit/http-server.ts";
import { createLoadShedder } from "../kit/load-shedding.ts";
import type { Policies } from "../kit/policies/policies.ts";
import { createTokenBuckets } from "../kit/token-bucket.ts";
import type { Tokens } from "./tokens.ts";

/*
 * Who is let in, decided before a request takes a worker, so that a refusal is quick however busy the shop is:
 *
 *   request ─▶ authentication ─▶ rate limit, per client ─▶ load shedding ─▶ worker pool
 *                  401              429 Retry-After          503 Retry-After
 *
 * Each is a policy, asked for every request.
 */
export type Door = { reset(): void };

type Limits = { policies: Pick<Policies, "component">; tokens: Pick<Tokens, "verify"> };

/** Guards every route of this server. */
export function guardDoor(server: FastifyInstance, { policies, tokens }: Limits): Door {
  const buckets = createTokenBuckets();
  const shedder = createLoadShedder();

  async function recognise(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    const client = token === undefined ? undefined : await tokens.verify(token);
    if (client !== undefined) return client;
    // Where nobody needs a token, whoever comes without one is known by its address.
    if (!policies.component().authentication?.enabled) return request.ip;
    reply.header("www-authenticate", "Bearer");
    throw new HttpError(401, "a valid token is needed: POST /tokens");
  }

  function limitRate(client: string, reply: FastifyReply) {
    const { rateLimit } = policies.component();
    if (!rateLimit?.enabled) return;
    const waitMs = buckets.take(client, rateLimit);
    trace.getActiveSpan()?.setAttribute("ratelimiter.result", waitMs === 0 ? "accepted" : "limited");
    if (waitMs === 0) return;
    reply.header("retry-after", String(Math.ceil(waitMs / 1_000)));
    throw new HttpError(429, `${client} may ask ${rateLimit.ratePerSecond} times a second`);
  }

  function shedLoad(reply: FastifyReply) {
    const { loadShedding } = policies.component();
    // Counted also while it is off, so that it holds at once when it is switched on.
    const leave = shedder.enter(loadShedding?.enabled ? loadShedding.maxConcurrent : Number.POSITIVE_INFINITY);
    if (leave) {
      reply.raw.once("finish", leave).once("close", leave);
      return;
    }
    trace.getActiveSpan()?.setAttribute("loadshedding.rejected", true);
    reply.header("retry-after", "1");
    throw new HttpError(503, `${shedder.inWork} requests are in work`);
  }

  server.addHook("onRequest", async (request, reply) => {
    limitRate(await recognise(request, reply), reply);
    // Who has gone while we looked at the token would never leave again.
    if (!request.raw.socket.destroyed) shedLoad(reply);
  });
  return { reset: () => buckets.clear() };
}
