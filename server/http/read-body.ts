import type { IncomingMessage } from "node:http";
import { AppError } from "../lib/app-error.ts";

/** How long a body may take to arrive. */
const BODY_TIMEOUT_MS = 10_000;

/** The whole body; `too_large` as soon as it exceeds the limit, `timed_out` when it does not arrive. */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) return Promise.reject(tooLarge(limitBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (error: AppError) => {
      clearTimeout(timer);
      request.removeAllListeners("data").pause();
      reject(error);
    };
    const timer = setTimeout(
      () => fail(new AppError("timed_out", "The request's body did not arrive.")),
      BODY_TIMEOUT_MS,
    );
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) return fail(tooLarge(limitBytes));
      chunks.push(chunk);
    });
    request.on("end", () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks, size));
    });
    request.on("error", (error) => fail(new AppError("bad_request", "The request ended before its body did.", error)));
  });
}

/** The body as JSON; an empty one is `{}`. */
export async function readJson(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  const text = (await readBody(request, limitBytes)).toString("utf8");
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError("bad_request", "The body is not JSON.", error);
  }
}

function tooLarge(limitBytes: number): AppError {
  return new AppError("too_large", `The body is larger than ${limitBytes} bytes.`);
}
