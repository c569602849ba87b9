import { type ErrorCode, errorStatus } from "#contract/errors.ts";
import { AppError } from "../lib/app-error.ts";
import type { Decoded, Signal } from "./decoded.ts";

/** What an OTLP/HTTP exporter gets back. `retryAfterSeconds` goes out as `Retry-After`. */
export type OtlpAnswer = { status: number; contentType: string; body: Buffer; retryAfterSeconds?: number };

/** google.rpc.Code of the refusals that an exporter can cause or wait out. */
const grpcCodes: Partial<Record<ErrorCode, number>> = {
  bad_request: 3,
  timed_out: 4,
  not_found: 5,
  forbidden: 7,
  too_many: 8,
  too_large: 8,
  unavailable: 14,
  unauthorized: 16,
};
const INTERNAL = 13;
const RETRY_AFTER_SECONDS = 1;

const rejectedField: Record<Signal, string> = {
  traces: "rejectedSpans",
  metrics: "rejectedDataPoints",
  logs: "rejectedLogRecords",
};

/** 200 with what was rejected, or the error's status with a google.rpc.Status; in the content type of the request. */
export function otlpAnswer(result: Decoded | AppError, json: boolean): OtlpAnswer {
  const contentType = json ? "application/json" : "application/x-protobuf";
  if (!(result instanceof AppError)) {
    return { status: 200, contentType, body: json ? toJsonBody(result) : toProtobufBody(result) };
  }
  const code = grpcCodes[result.code] ?? INTERNAL;
  const body = json
    ? Buffer.from(JSON.stringify({ code, message: result.message }))
    : Buffer.concat([varintField(1, code), textField(2, result.message)]);
  const retry = result.code === "too_many" || result.code === "unavailable";
  return {
    status: errorStatus[result.code],
    contentType,
    body,
    ...(retry && { retryAfterSeconds: RETRY_AFTER_SECONDS }),
  };
}

/** `partialSuccess` must be left out when nothing was rejected. */
function toJsonBody({ signal, rejected, reason }: Decoded): Buffer {
  if (rejected === 0) return Buffer.from("{}");
  const partialSuccess = { [rejectedField[signal]]: String(rejected), errorMessage: reason };
  return Buffer.from(JSON.stringify({ partialSuccess }));
}

function toProtobufBody({ rejected, reason }: Decoded): Buffer {
  if (rejected === 0) return Buffer.alloc(0);
  return bytesField(1, Buffer.concat([varintField(1, rejected), textField(2, reason)]));
}

function varintField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function textField(field: number, text: string): Buffer {
  return bytesField(field, Buffer.from(text));
}

function bytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
