import type { IncomingMessage } from "node:http";
import { AgentError } from "./agent-error.ts";

/**
 * The whole body as received. Throws too_large over `limitBytes`, before it is read where the length is announced, and
 * unavailable when `mayHold` says no to a further chunk.
 */
export async function readBody(
  request: IncomingMessage,
  limitBytes: number,
  mayHold: (bytes: number) => boolean = () => true,
): Promise<Buffer> {
  const tooLarge = () => new AgentError("too_large", `The body is over ${limitBytes} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    const keep = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes && mayHold(chunk.length)) return void chunks.push(chunk);
      // What follows is read, so that the sender hears the answer, and dropped.
      request.off("data", keep).resume();
      reject(
        size > limitBytes ? tooLarge() : new AgentError("unavailable", "Too much at once; try again in a second."),
      );
    };
    request.on("data", keep);
    request.on("end", resolve);
    request.on("close", () => reject(new AgentError("bad_request", "The body broke off.")));
    request.on("error", reject);
  });
  return Buffer.concat(chunks, size);
}
