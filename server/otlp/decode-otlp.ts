import { gunzipSync } from "node:zlib";
import { AppError } from "../lib/app-error.ts";
import { createDecoded, type Decoded, type Signal } from "./decoded.ts";
import { fromMetricsJson } from "./json-metrics.ts";
import { fromLogsJson, fromTracesJson } from "./json-signals.ts";
import type { JsonObject } from "./json-values.ts";
import { readLogs } from "./protobuf-logs.ts";
import { readMetrics } from "./protobuf-metrics.ts";
import { readTraces } from "./protobuf-traces.ts";
import { createStringTable } from "./string-table.ts";
import { WireReader } from "./wire-reader.ts";

/*
 *   body ─▶ gunzip (bounded) ─┬─▶ protobuf reader ─┐
 *                             └─▶ JSON reader ─────┴─▶ keep what is good, count what is bad ─▶ Decoded
 *
 * Synchronous, so that what arrived first is applied first: a breaker's reports must not overtake each other.
 */

/** Largest body, after gunzip. */
export const MAX_DECODED_BYTES = 16 * 1024 * 1024;

export type OtlpBody = { signal: Signal; json: boolean; gzip: boolean; bytes: Uint8Array };

const strings = createStringTable();

/** Throws AppError `bad_request` for a body that cannot be decoded at all, `too_large` for one over the limit. */
export function decodeOtlp({ signal, json, gzip, bytes }: OtlpBody): Decoded {
  const body = gzip ? gunzip(bytes) : bytes;
  if (body.byteLength > MAX_DECODED_BYTES) throw tooLarge();
  const into = createDecoded(signal);
  if (json) {
    const object = parseJson(body);
    if (signal === "traces") fromTracesJson(object, into);
    else if (signal === "logs") fromLogsJson(object, into);
    else fromMetricsJson(object, into);
    return into;
  }
  try {
    const reader = new WireReader(body, strings);
    if (signal === "traces") readTraces(reader, into);
    else if (signal === "logs") readLogs(reader, into);
    else readMetrics(reader, into);
  } catch (error) {
    throw new AppError("bad_request", `The body is not OTLP protobuf: ${messageOf(error)}.`, error);
  }
  return into;
}

function gunzip(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_DECODED_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(error);
    throw new AppError("bad_request", `The body is not gzip: ${messageOf(error)}.`, error);
  }
}

function parseJson(bytes: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch (error) {
    throw new AppError("bad_request", `The body is not JSON: ${messageOf(error)}.`, error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AppError("bad_request", "The body is JSON, but not an object.");
  }
  return value as JsonObject;
}

function tooLarge(cause?: unknown): AppError {
  return new AppError("too_large", `The body is larger than ${MAX_DECODED_BYTES} bytes when decoded.`, cause);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
