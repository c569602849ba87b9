import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { FastifyInstance } from "fastify";
import type { Transport } from "./call-edge.ts";
import { withCallSpan } from "./call-span.ts";
import type { CallAnswer, CallRequest } from "./http-call.ts";
import type { TimeLimit } from "./time-limit.ts";
import { untilLimit } from "./until-limit.ts";

/**
 * Carries requests to a module in the same process: the routes, the worker pool and the answers of its server, without a
 * socket. Its work belongs to the trace of the caller, below a span `call <module>`. Work that is given up goes on unread:
 * there is no connection whose end would tell it.
 */
export function createLocalTransport(server: FastifyInstance, module: string): Transport {
  async function inject({ method, path, body, headers, idempotencyKey }: CallRequest): Promise<CallAnswer> {
    const answer = await server.inject({
      method,
      url: path,
      headers: { ...headers, ...(idempotencyKey && { "idempotency-key": idempotencyKey }) },
      ...(body !== undefined && { payload: body as object }),
    });
    return { status: answer.statusCode, body: toBody(answer.payload) };
  }

  return {
    request(request: CallRequest, limit: TimeLimit) {
      const attributes = {
        "module.name": module,
        "http.request.method": request.method,
        ...(request.template && { "url.template": request.template }),
        ...(request.retryAttempt && { "retry.attempt": request.retryAttempt }),
      };
      return withCallSpan(`call ${module}`, { kind: SpanKind.INTERNAL, attributes }, async (span) => {
        const answer = await untilLimit(module, inject(request), { limit, signal: request.signal });
        span.setAttribute("http.response.status_code", answer.status);
        if (answer.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        return answer;
      });
    },
    close() {},
  };
}

function toBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
