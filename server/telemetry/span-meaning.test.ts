import { describe, expect, test } from "vitest";
import { aSpan } from "./span.fixture.ts";
import { callOutcome, isConnect, neverConnected } from "./span-meaning.ts";

describe("callOutcome", () => {
  test.each([
    ["200", { attributes: { "http.response.status_code": 200 } }, false, false],
    ["503", { attributes: { "http.response.status_code": 503 } }, true, false],
    ["old 500", { attributes: { "http.status_code": 500 } }, true, false],
    ["old 500 as text", { attributes: { "http.status_code": "500" } }, true, false],
    [
      "404 that a client calls an error",
      { status: "error" as const, attributes: { "http.response.status_code": 404 } },
      false,
      true,
    ],
    ["an error without a status code", { status: "error" as const }, true, false],
    ["nothing special", {}, false, false],
  ])("%s", (_name, patch, failed, clientError) => {
    expect(callOutcome(aSpan(patch))).toEqual({ failed, clientError, micros: 10_000 });
  });
});

test.each([
  ["pg-pool.connect", {}, true],
  ["pg.connect", {}, true],
  ["pg.query:SELECT", { "db.query.text": "SELECT 1" }, false],
  ["GET /connect", {}, false],
  ["reconnect", {}, false],
])("%s as a mere connect: %s", (name, attributes, expected) => {
  expect(isConnect(aSpan({ name, attributes: attributes as Record<string, string> }))).toBe(expected);
});

test.each([
  ["refused, in the status", { statusMessage: "connect ECONNREFUSED 127.0.0.1:20001" }, true],
  [
    "refused, in the exception",
    { events: [{ name: "exception", atNanos: 0n, attributes: { "exception.message": "ECONNREFUSED" } }] },
    true,
  ],
  ["reset", { statusMessage: "read ECONNRESET" }, false],
  ["answered", { statusMessage: "ECONNREFUSED", attributes: { "http.response.status_code": 502 } }, false],
])("a call that was %s never connected: %s", (_name, patch, expected) => {
  expect(neverConnected(aSpan({ kind: "client", status: "error", ...patch }))).toBe(expected);
});
