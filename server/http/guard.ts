import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { AppError } from "../lib/app-error.ts";
import { isLoopback } from "../lib/loopback.ts";

/*
 * The first thing that every request and socket handshake meets.
 *   Host    must be a name of this machine: a page elsewhere whose DNS name was pointed here (DNS rebinding) is refused.
 *   Origin  must be ourselves: another site's page can neither command nor read. Programs send none, and may pass.
 */
export type Guard = (request: Pick<IncomingMessage, "headers">) => AppError | null;

/** `host` is the address that the dashboard is bound to. */
export function createGuard(host: string): Guard {
  return ({ headers }) => {
    if (!isOwnHost(toHostname(headers.host), host)) {
      return new AppError(
        "forbidden",
        `This dashboard does not answer as "${headers.host ?? ""}"; use its own address.`,
      );
    }
    const { origin } = headers;
    if (origin !== undefined ? !isSameOrigin(origin, headers.host) : isForeignFetch(headers)) {
      return new AppError("forbidden", "Requests from other sites are refused.");
    }
    return null;
  };
}

function isOwnHost(name: string | null, bound: string): boolean {
  if (name === null) return false;
  if (isLoopback(name) || name === bound.toLowerCase()) return true;
  if (isLoopback(bound)) return false;
  // Bound to a network (and so behind a key): an address cannot be rebound by DNS, nor can this machine's own name.
  const own = hostname().toLowerCase();
  return isIP(name) !== 0 || name === own || name === `${own}.local`;
}

function toHostname(header: string | undefined): string | null {
  try {
    return new URL(`http://${header}`).hostname.replace(/^\[|\]$/g, "").toLowerCase() || null;
  } catch {
    return null;
  }
}

function isSameOrigin(origin: string, host: string | undefined): boolean {
  try {
    const { protocol, host: originHost } = new URL(origin);
    return /^https?:$/.test(protocol) && originHost === new URL(`${protocol}//${host}`).host;
  } catch {
    return false;
  }
}

/** A browser tells who asked where it sends no Origin; a link followed from elsewhere is fine, an image or script is not. */
function isForeignFetch(headers: IncomingMessage["headers"]): boolean {
  const site = headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return false;
  return !(headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document");
}
