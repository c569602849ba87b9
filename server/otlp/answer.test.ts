import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { expect, test } from "vitest";
import { AppError } from "../lib/app-error.ts";
import { otlpAnswer } from "./answer.ts";
import { createDecoded, reject, type Signal } from "./decoded.ts";

function withRejected(signal: Signal, rejected: number) {
  const decoded = createDecoded(signal);
  for (let count = 0; count < rejected; count++) reject(decoded, "no start time");
  return decoded;
}

test.each([
  [true, "application/json", "{}"],
  [false, "application/x-protobuf", ""],
])("full success leaves partialSuccess out (json %s)", (json, contentType, body) => {
  const answer = otlpAnswer(createDecoded("traces"), json);
  expect({ ...answer, body: answer.body.toString() }).toEqual({ status: 200, contentType, body });
});

test("partial success in protobuf is what OpenTelemetry's own client reads", () => {
  const { body } = otlpAnswer(withRejected("traces", 300), false);
  expect(ProtobufTraceSerializer.deserializeResponse(body)).toMatchObject({
    partialSuccess: { errorMessage: "no start time", rejectedSpans: 300 },
  });
});

test.each([
  ["traces", "rejectedSpans"],
  ["logs", "rejectedLogRecords"],
  ["metrics", "rejectedDataPoints"],
] as const)("partial success of %s in JSON counts %s", (signal, field) => {
  const { body } = otlpAnswer(withRejected(signal, 2), true);
  expect(JSON.parse(body.toString())).toEqual({ partialSuccess: { [field]: "2", errorMessage: "no start time" } });
});

test("a refusal is a Status in the content type of the request", () => {
  const error = new AppError("bad_request", "no");
  expect(otlpAnswer(error, true)).toMatchObject({ status: 400, contentType: "application/json" });
  expect(JSON.parse(otlpAnswer(error, true).body.toString())).toEqual({ code: 3, message: "no" });
  expect([...otlpAnswer(error, false).body]).toEqual([0x08, 3, 0x12, 2, 0x6e, 0x6f]);
});

test.each([
  ["too_large", 413, undefined],
  ["too_many", 429, 1],
  ["unavailable", 503, 1],
] as const)("%s is %i, with Retry-After %s", (code, status, retryAfterSeconds) => {
  const answer = otlpAnswer(new AppError(code, "…"), true);
  expect(answer.status).toBe(status);
  expect(answer.retryAfterSeconds).toBe(retryAfterSeconds);
});
