import type { IncomingMessage } from "node:http";
import { AppError } from "../lib/app-error.ts";

/** The request's path and query. A path of two slashes stays a path: parsed against a base it would name a host. */
export function toUrl({ url = "/" }: Pick<IncomingMessage, "url">): URL {
  if (url.startsWith("/") && URL.canParse(`http://localhost${url}`)) return new URL(`http://localhost${url}`);
  throw new AppError("bad_request", "The address is not well formed.");
}
