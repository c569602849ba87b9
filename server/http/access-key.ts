import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { AppError } from "../lib/app-error.ts";
import { toUrl } from "./to-url.ts";

/*
 * The key, where one is set: shown once as `?key=…`, then kept as a cookie that scripts cannot read and other sites
 * cannot send; programs use `Authorization: Bearer …`.
 */
export type Admission =
  | { admitted: true }
  | { admitted: false; error: AppError }
  | { redirect: string; cookie: string };

export type AccessKey = (request: Pick<IncomingMessage, "headers" | "url">) => Admission;

export function createAccessKey(key: string | null): AccessKey {
  if (key === null) return () => ({ admitted: true });
  const token = sha256(key).toString("hex");
  // Cookies ignore ports: each dashboard on a host has a name of its own, told apart by its key.
  const cookieName = `faultline-${sha256(token).toString("hex").slice(0, 8)}`;

  return ({ headers, url }) => {
    const asked = toUrl({ url: url ?? "/" });
    const shown = asked.searchParams.get("key");
    if (shown !== null && isEqual(shown, key)) {
      asked.searchParams.delete("key");
      // A path that begins with two slashes would lead to another host.
      const path = `/${asked.pathname.replace(/^\/+/, "")}${asked.search}`;
      return { redirect: path, cookie: `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict` };
    }
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
    if (bearer !== undefined && isEqual(bearer, key)) return { admitted: true };
    const cookie = readCookie(headers.cookie, cookieName);
    if (cookie !== undefined && isEqual(cookie, token)) return { admitted: true };
    const sentence =
      "This dashboard needs its access key: open the address printed in its terminal, or send Authorization: Bearer.";
    return { admitted: false, error: new AppError("unauthorized", sentence) };
  };
}

function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const [key, value] = part.trim().split("=", 2);
    if (key === name) return value;
  }
  return undefined;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Hashed first, so that neither length nor prefix shows in the time taken. */
function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b));
}
