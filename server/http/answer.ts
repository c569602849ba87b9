import type { ServerResponse } from "node:http";
import { errorStatus } from "#contract/errors.ts";
import { toAppError, toRefusal } from "../lib/app-error.ts";

const headers = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

export function sendText(response: ServerResponse, status: number, type: string, body: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { ...headers, "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, "application/json; charset=utf-8", JSON.stringify(body));
}

/** `{ ok: false, code, message }` with the code's own status. */
export function sendError(response: ServerResponse, thrown: unknown): void {
  const error = toAppError(thrown);
  sendJson(response, errorStatus[error.code], toRefusal(error));
}
