import { z } from "zod";
import { HttpError } from "../kit/http-server.ts";

const refusal = z.object({ message: z.string() });

/** The body of an answer; a 4xx of another service becomes the same refusal to our caller. */
export function expectOk({ status, body }: { status: number; body: unknown }): unknown {
  if (status < 400) return body;
  throw new HttpError(status, refusal.safeParse(body).data?.message ?? `refused with ${status}`);
}
