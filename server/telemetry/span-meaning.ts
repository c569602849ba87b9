import { durationMicros, type StoredSpan } from "./span.ts";

/*
 * What a span says about a call, whichever version of the semantic conventions it was written in.
 */
export type CallOutcome = { failed: boolean; clientError: boolean; micros: number };

function statusCode(span: StoredSpan): number {
  const code = span.attributes["http.response.status_code"] ?? span.attributes["http.status_code"];
  return typeof code === "number" ? code : Number(code ?? 0);
}

/** 4xx is the caller's own: not a failure of the one called, even though client spans mark it as an error. */
export function callOutcome(span: StoredSpan): CallOutcome {
  const code = statusCode(span);
  const clientError = code >= 400 && code < 500;
  return {
    failed: code >= 500 || (span.status === "error" && !clientError),
    clientError,
    micros: durationMicros(span),
  };
}

/** Connecting to a database is not one of its operations: such a span counts only when it failed. */
export function isConnect(span: StoredSpan): boolean {
  return (
    /(^|[.:\s-])connect$/i.test(span.name) && !("db.query.text" in span.attributes || "db.statement" in span.attributes)
  );
}

/** The connection was refused, so nothing on the way has seen this call. */
export function neverConnected(span: StoredSpan): boolean {
  if (span.status !== "error" || statusCode(span) !== 0) return false;
  const texts = [span.statusMessage, span.attributes["error.type"]];
  for (const event of span.events) texts.push(event.attributes["exception.message"] as string | undefined);
  return texts.some((text) => typeof text === "string" && text.includes("ECONNREFUSED"));
}

/** The call was not made, because the caller's breaker was open. */
export function isBreakerRefusal(span: StoredSpan): boolean {
  if (span.attributes["circuitbreaker.refused"] === true) return true;
  const state = span.attributes["circuitbreaker.state"];
  return span.status === "error" && (state === "open" || state === "forced_open");
}

/** `http.route` as servers know it, else `url.template` as clients do, else the span's name. */
export function routeOf(span: StoredSpan): string {
  const route = span.attributes["http.route"] ?? span.attributes["url.template"];
  return typeof route === "string" && route !== "" ? route : span.name;
}
