import { type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from "fastify";
import { z } from "zod";
import { CallError } from "./calls/call-error.ts";
import { DEADLINE_HEADER, DeadlinePassedError, toDeadline, workUntil } from "./deadline.ts";
import { log, toReason } from "./log.ts";
import { isOn } from "./policies/is-on.ts";
import type { Policies } from "./policies/policies.ts";
import { isUpkeepRoute } from "./upkeep-routes.ts";
import { type Capacity, createWorkerPool, PoolFullError, type WorkerPool } from "./worker-pool.ts";

/*
 * A service's door. Every route runs in the bounded pool, except those that say how the service is, or set it right
 * (upkeep-routes.ts):
 *   /live   200 as long as the process answers
 *   /ready  200, or 503 with what it still waits for, down to the last database
 *
 *   request ─▶ [ pool ] ─▶ deadline passed, or caller gone? ─ yes ─▶ 504, no work done
 *                               └─ no ─▶ handler, whose own calls wait no longer than its caller does
 */
export class HttpError extends Error {
  override name = "HttpError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type ServerParts = {
  capacity: () => Capacity | undefined;
  /** What it needs before it can answer, each asked for one line on what it waits for, or null. */
  needs?: { waitingFor(): string | null | Promise<string | null> }[];
  /** Whether it heeds deadlines; without policies it does not. */
  policies?: Pick<Policies, "component">;
};

const defaultCapacity: Capacity = { workers: 8, serviceTimeMs: 15 };
const pools = new WeakMap<FastifyInstance, WorkerPool>();

/** The workers of a server, for those who let others in by another door (gRPC). */
export function poolOf(server: FastifyInstance): WorkerPool {
  const pool = pools.get(server);
  if (!pool) throw new Error("a server that createHttpServer did not make has no worker pool");
  return pool;
}

export function createHttpServer({ capacity, needs = [], policies }: ServerParts): FastifyInstance {
  const app = Fastify({ logger: false, forceCloseConnections: "idle", bodyLimit: 100_000 });
  const pool = createWorkerPool(() => capacity() ?? defaultCapacity);
  pools.set(app, pool);

  app.addHook("onRoute", (route) => {
    if (isUpkeepRoute(route.url)) return;
    const handler = route.handler;
    route.handler = async function pooled(request, reply) {
      const heeded = () => policies !== undefined && isOn(policies, "deadlines");
      const until = heeded() ? toDeadline(request.headers[DEADLINE_HEADER]) : undefined;
      // Who does not heed deadlines does not look whether anybody still waits, either.
      const isWanted = () => !heeded() || !request.raw.socket.destroyed;
      return pool.run(async () => workUntil(until, () => handler.call(this, request, reply)), isWanted);
    };
  });
  app.addHook("onRequest", async (request, reply) => {
    const route = request.routeOptions.url;
    const span = activeServerSpan();
    if (route) span?.setAttribute("http.route", route).updateName(`${request.method} ${route}`);
    // First in line: the instrumentation ends the span on the same event.
    reply.raw.prependOnceListener("close", () => {
      if (reply.raw.writableFinished) return;
      span
        ?.setAttribute("error.type", "cancelled")
        .setStatus({ code: SpanStatusCode.ERROR, message: "the caller has gone" });
    });
  });
  app.setErrorHandler<FastifyError>((error, _request, reply) => refuse(error, reply));

  app.get("/live", async () => ({ live: true }));
  app.get("/ready", async (_request, reply) => {
    const answers = await Promise.all(needs.map((need) => need.waitingFor()));
    const waitingFor = answers.find((answer) => answer !== null) ?? null;
    return reply.status(waitingFor === null ? 200 : 503).send({ ready: waitingFor === null, waitingFor });
  });
  return app;
}

/** Binds 127.0.0.1 unless HOST says otherwise, as it does in containers. */
export async function listen(app: FastifyInstance, name: string, port: number) {
  const address = await app.listen({ port, host: process.env.HOST ?? "127.0.0.1" });
  log(`${name} listens on ${address}`);
}

/** Undefined when the request came from the module next door: its span is the caller's, and named already. */
function activeServerSpan(): Span | undefined {
  const span = trace.getActiveSpan();
  const { kind } = (span ?? {}) as Partial<ReadableSpan>;
  return kind === undefined || kind === SpanKind.SERVER ? span : undefined;
}

const callFailureStatus = {
  refused: 503,
  rejected: 503,
  timed_out: 504,
  unreachable: 502,
  failed: 502,
  cancelled: 499,
} as const;

function refuse(error: Error & { statusCode?: number | undefined }, reply: FastifyReply) {
  const status = toStatus(error);
  if (status === 500) log(`500: ${toReason(error)}`);
  if (status === 503) reply.header("retry-after", "1");
  return reply.status(status).send({ error: error.name, message: toReason(error) });
}

function toStatus(error: Error & { statusCode?: number | undefined }): number {
  if (error instanceof HttpError) return error.status;
  if (error instanceof CallError) return callFailureStatus[error.failure];
  if (error instanceof PoolFullError) return 503;
  if (error instanceof DeadlinePassedError) return 504;
  if (error instanceof z.ZodError) return 400;
  return error.statusCode ?? 500;
}
