import type { IncomingMessage } from "node:http";
import { AgentError } from "./agent-error.ts";

/** The whole body as received. Throws too_large over `limitBytes`, before it is read where the length is announced. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const tooLarge = () => new AgentError("too_large", `The body is over ${limitBytes} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
      else reject(tooLarge());
    });
    request.on("end", resolve);
    request.on("close", () => reject(new AgentError("bad_request", "The body broke off.")));
    request.on("error", reject);
  });
  return Buffer.concat(chunks, size);
}
