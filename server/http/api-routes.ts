import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { errorStatus } from "#contract/errors.ts";
import type { LogLine } from "#contract/logs.ts";
import { type Trace, type TraceQuery, type TraceSummary, traceQuery } from "#contract/traces.ts";
import { AppError } from "../lib/app-error.ts";
import type { Counters } from "../lib/counters.ts";
import { parseInput } from "../lib/parse-input.ts";
import type { RunCommand } from "../live/run-command.ts";
import type { Topology } from "../topology/topology-port.ts";
import { sendJson, sendText } from "./answer.ts";
import { toMetrics } from "./metrics.ts";
import { readJson } from "./read-body.ts";
import { toSchema } from "./schema.ts";

export type ApiParts = {
  topology: Pick<Topology, "snapshot">;
  traces: { query(query: TraceQuery): TraceSummary[]; trace(traceId: string): Trace | null };
  logs(component: string, lines: number): Promise<LogLine[]>;
  runCommand: RunCommand;
  counters: Counters;
  sockets(): number;
};

const MAX_COMMAND_BYTES = 64 * 1024;
const logQuery = z.object({ lines: z.coerce.number().int().min(1).max(5_000).default(200) });

/** Answers /healthz, /metrics and /api/…; false for every other path. Throws AppErrors. */
export async function answerApi(url: URL, request: IncomingMessage, response: ServerResponse, parts: ApiParts) {
  const path = url.pathname;
  const command = /^\/api\/commands\/([^/]+)$/.exec(path)?.[1];
  if (command !== undefined) {
    if (request.method !== "POST") throw new AppError("bad_request", "Commands are sent with POST.");
    const input = await readJson(request, MAX_COMMAND_BYTES);
    const answer = await parts.runCommand(decode(command), input, "curl");
    sendJson(response, answer.ok ? 200 : errorStatus[answer.code], answer);
    return true;
  }
  if (path !== "/healthz" && path !== "/metrics" && !path.startsWith("/api/")) return false;
  if (request.method !== "GET" && request.method !== "HEAD") {
    throw new AppError("bad_request", `${path} is read with GET.`);
  }
  const logsOf = /^\/api\/components\/([^/]+)\/logs$/.exec(path)?.[1];
  const traceId = /^\/api\/traces\/([^/]+)$/.exec(path)?.[1];
  if (path === "/healthz") sendJson(response, 200, { ok: true });
  else if (path === "/metrics") {
    const text = toMetrics(parts.counters, parts.topology.snapshot(), parts.sockets());
    sendText(response, 200, "text/plain; version=0.0.4; charset=utf-8", text);
  } else if (path === "/api/state") sendJson(response, 200, parts.topology.snapshot());
  else if (path === "/api/schema") sendJson(response, 200, toSchema());
  else if (path === "/api/traces") sendJson(response, 200, parts.traces.query(read(traceQuery, url)));
  else if (traceId !== undefined) {
    const trace = parts.traces.trace(decode(traceId).toLowerCase());
    if (!trace) throw new AppError("not_found", "There is no such trace; it may be too old.");
    sendJson(response, 200, trace);
  } else if (logsOf !== undefined) {
    sendJson(response, 200, await parts.logs(decode(logsOf), read(logQuery, url).lines));
  } else throw new AppError("not_found", `There is nothing at ${path}.`);
  return true;
}

function read<T>(schema: z.ZodType<T>, url: URL): T {
  return parseInput(schema, Object.fromEntries(url.searchParams), url.pathname);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw new AppError("bad_request", "The address is not well formed.", error);
  }
}
