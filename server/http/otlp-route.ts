import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError, toAppError } from "../lib/app-error.ts";
import { otlpAnswer } from "../otlp/answer.ts";
import { MAX_DECODED_BYTES } from "../otlp/decode-otlp.ts";
import { type Signal, signals } from "../otlp/decoded.ts";
import { readBody } from "./read-body.ts";
import type { TelemetryIntake } from "./telemetry-intake.ts";

export function toSignal(path: string): Signal | undefined {
  return signals.find((signal) => path === `/v1/${signal}`);
}

/** POST /v1/traces|metrics|logs, protobuf or JSON, plain or gzip, as the OTLP/HTTP specification answers it. */
export async function answerOtlp(
  signal: Signal,
  request: IncomingMessage,
  response: ServerResponse,
  intake: TelemetryIntake,
): Promise<void> {
  const json = (request.headers["content-type"] ?? "").startsWith("application/json");
  const encoding = request.headers["content-encoding"] ?? "identity";
  const take = async () => {
    if (request.method !== "POST") throw new AppError("bad_request", "Telemetry is sent with POST.");
    if (encoding !== "identity" && encoding !== "gzip")
      throw new AppError("bad_request", `Unknown encoding ${encoding}.`);
    const bytes = await readBody(request, MAX_DECODED_BYTES);
    return intake.take({ signal, json, gzip: encoding === "gzip", bytes });
  };
  const answer = otlpAnswer(await take().catch(toAppError), json);
  response.writeHead(answer.status, {
    "content-type": answer.contentType,
    "content-length": answer.body.length,
    ...(answer.retryAfterSeconds !== undefined && { "retry-after": String(answer.retryAfterSeconds) }),
  });
  response.end(answer.body);
}
