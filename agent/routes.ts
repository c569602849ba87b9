import type { IncomingMessage, ServerResponse } from "node:http";
import { errorStatus } from "#contract/errors.ts";
import { AgentError } from "./agent-error.ts";

/*
 * A table of routes in front of node:http. `path` segments that begin with a colon are parameters.
 *
 *   request ──▶ guard ──▶ path known? 404 ──▶ verb known? 405 ──▶ handle ──▶ JSON answer, or { code, message }
 */
export type Call = {
  request: IncomingMessage;
  response: ServerResponse;
  params: Record<string, string>;
  query: URLSearchParams;
};

export type Route = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  /** What it returns is answered as JSON, nothing as {}; unless it has begun to answer by itself. */
  handle(call: Call): unknown;
};

const METHOD_NOT_ALLOWED = 405;

export function createHandler(routes: Route[], guard: (request: IncomingMessage) => void = () => {}) {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    guard(request);
    // Put behind the host, not parsed against it: a path of two slashes would name another one.
    const url = URL.parse(`http://agent${request.url}`);
    if (!url) throw new AgentError("bad_request", "The address is not well formed.");
    const matches = routes.flatMap((route) => {
      const params = matchPath(route.path, url.pathname);
      return params ? [{ route, params }] : [];
    });
    if (matches.length === 0) throw new AgentError("not_found", `There is nothing at ${url.pathname}.`);
    const match = matches.find(({ route }) => route.method === request.method);
    if (!match) {
      response.setHeader("allow", matches.map(({ route }) => route.method).join(", "));
      const message = `${url.pathname} does not take ${request.method}.`;
      return send(response, METHOD_NOT_ALLOWED, { code: "unsupported", message });
    }
    const result = await match.route.handle({ request, response, params: match.params, query: url.searchParams });
    if (!response.headersSent) send(response, 200, result ?? {});
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      const refusal = error instanceof AgentError ? error : new AgentError("internal", String(error));
      // What is left of the request is not worth reading.
      if (!request.complete) response.setHeader("connection", "close");
      send(response, errorStatus[refusal.code], { code: refusal.code, message: refusal.message });
    });
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

/** The parameters of a path that matches, else null. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (!part.startsWith(":")) {
      if (part !== value) return null;
    } else {
      try {
        params[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    }
  }
  return params;
}
