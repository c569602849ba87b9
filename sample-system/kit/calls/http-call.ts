import http from "node:http";
import { toReason } from "../log.ts";
import { namePeer } from "../otel/peers.ts";
import { CallError } from "./call-error.ts";
import type { TimeLimit } from "./time-limit.ts";

export type CallRequest = {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  /** The path without its values, "/products/:id": what the span is called. */
  template?: string;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Sent as Idempotency-Key: the same key is the same request, however often it comes. */
  idempotencyKey?: string;
  /** When our own caller has gone. */
  signal?: AbortSignal | undefined;
  /** Which try this is, from 1; set by the edge, for the span. */
  retryAttempt?: number | undefined;
};
export type CallAnswer = { status: number; body: unknown };

/** As otel/sdk.ts reads it. */
export type TracedRequestOptions = http.RequestOptions & {
  urlTemplate?: string | undefined;
  retryAttempt?: number | undefined;
};

export type HttpClient = {
  /** Any status is an answer; rejects with a CallError. Everything is given up when the time limit has passed. */
  request(request: CallRequest, limit: TimeLimit): Promise<CallAnswer>;
  close(): void;
};

/** Connections to one callee, and those kept open for the next call. */
const MAX_SOCKETS = 512;
const MAX_IDLE_SOCKETS = 32;
const MAX_ANSWER_BYTES = 1_000_000;

export function createHttpClient(callee: string, baseUrl: string): HttpClient {
  const { hostname, port } = new URL(baseUrl);
  namePeer(baseUrl, callee);
  const agent = new http.Agent({ keepAlive: true, maxSockets: MAX_SOCKETS, maxFreeSockets: MAX_IDLE_SOCKETS });

  function request(asked: CallRequest, limit: TimeLimit): Promise<CallAnswer> {
    const { method, path, template, body, signal, retryAttempt } = asked;
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const options: TracedRequestOptions = {
      agent,
      method,
      hostname,
      port: port || "80",
      path,
      urlTemplate: template,
      retryAttempt,
      headers: {
        ...asked.headers,
        ...(asked.idempotencyKey && { "idempotency-key": asked.idempotencyKey }),
        ...(payload && { "content-type": "application/json", "content-length": Buffer.byteLength(payload) }),
      },
    };

    return new Promise((resolve, reject) => {
      const outgoing = http.request(options);
      const giveUp = (error: CallError) => {
        finish();
        outgoing.destroy(error);
        reject(error);
      };
      const onAbort = () => giveUp(new CallError(callee, "cancelled", `the caller of ${callee} has gone`));
      const onBroken = (cause: unknown) =>
        giveUp(new CallError(callee, "unreachable", `${callee} is unreachable: ${toReason(cause)}`, { cause }));
      const stopClock = limit((timeoutMs) =>
        giveUp(new CallError(callee, "timed_out", `${callee} did not answer within ${timeoutMs} ms`, { timeoutMs })),
      );
      const finish = () => {
        stopClock();
        signal?.removeEventListener("abort", onAbort);
      };

      outgoing.on("error", onBroken);
      outgoing.on("response", (incoming) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        incoming.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > MAX_ANSWER_BYTES) return onBroken(new Error(`more than ${MAX_ANSWER_BYTES} bytes`));
          chunks.push(chunk);
        });
        incoming.on("error", onBroken);
        incoming.on("end", () => {
          finish();
          resolve({ status: incoming.statusCode ?? 0, body: toBody(Buffer.concat(chunks)) });
        });
      });
      if (signal?.aborted) return onAbort();
      signal?.addEventListener("abort", onAbort);
      outgoing.end(payload);
    });
  }

  return { request, close: () => agent.destroy() };
}

function toBody(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
