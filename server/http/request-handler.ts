import type { IncomingMessage, ServerResponse } from "node:http";
import { type AppError, toAppError } from "../lib/app-error.ts";
import type { Counters } from "../lib/counters.ts";
import type { Logger } from "../lib/logger.ts";
import type { AccessKey } from "./access-key.ts";
import { sendError, sendText } from "./answer.ts";
import { type ApiParts, answerApi } from "./api-routes.ts";
import type { Guard } from "./guard.ts";
import type { Ui } from "./next-app.ts";
import { answerOtlp, toSignal } from "./otlp-route.ts";
import type { TelemetryIntake } from "./telemetry-intake.ts";
import { toUrl } from "./to-url.ts";

/*
 * request ─▶ Host and Origin ─▶ access key ─▶ /healthz /metrics /api ─▶ /v1 ─▶ UI
 * (Socket.IO takes its own path before us, with the same two checks.)
 */
export type RequestParts = {
  guard: Guard;
  accessKey: AccessKey;
  api: ApiParts;
  intake: TelemetryIntake;
  ui: Ui | null;
  counters: Counters;
  logger: Logger;
};

export function createRequestHandler(parts: RequestParts) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response, parts).catch((thrown) => {
      const error = toAppError(thrown);
      if (error.code === "internal") parts.logger.error({ err: thrown, url: request.url }, "a request failed");
      // What is left of a body that nobody reads must not keep the connection.
      if (!request.complete && !response.headersSent) response.setHeader("connection", "close");
      sendError(response, error);
    });
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: RequestParts): Promise<void> {
  parts.counters.add("faultline_http_requests_total");
  const refusal = parts.guard(request);
  if (refusal) throw refusal;

  const url = toUrl(request);
  // A container's health check has no key, and learns nothing here.
  const admission = url.pathname === "/healthz" ? ({ admitted: true } as const) : parts.accessKey(request);
  if ("redirect" in admission) {
    response.writeHead(302, {
      location: admission.redirect,
      "set-cookie": admission.cookie,
      "cache-control": "no-store",
    });
    response.end();
    return;
  }
  if (!admission.admitted) return refuseKey(request, response, admission.error);

  const signal = toSignal(url.pathname);
  if (signal) return await answerOtlp(signal, request, response, parts.intake);
  if (await answerApi(url, request, response, parts.api)) return;
  if (parts.ui) return await parts.ui.handle(request, response);
  sendText(response, 404, "text/plain; charset=utf-8", "There is nothing here.\n");
}

function refuseKey(request: IncomingMessage, response: ServerResponse, error: AppError): void {
  if (!(request.headers.accept ?? "").includes("text/html")) throw error;
  sendText(response, 401, "text/plain; charset=utf-8", `${error.message}\n`);
}
