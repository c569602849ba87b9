import { describe, expect, test } from "vitest";
import { createGuard } from "./guard.ts";

const refused = (bound: string, headers: Record<string, string>) => createGuard(bound)({ headers })?.code ?? null;

describe("Host, bound to loopback", () => {
  test.each([
    ["127.0.0.1:4000", null],
    ["localhost:4000", null],
    ["LOCALHOST:4000", null],
    ["[::1]:4000", null],
    ["faultline.localhost:4000", null],
    ["evil.example:4000", "forbidden"],
    ["127.0.0.1.evil.example", "forbidden"],
    ["192.168.1.4:4000", "forbidden"],
    ["localhost:4000@evil.example", "forbidden"],
    ["", "forbidden"],
  ])("%s → %s", (host, code) => expect(refused("127.0.0.1", { host })).toBe(code));

  test("a request without one is refused", () => expect(refused("127.0.0.1", {})).toBe("forbidden"));
});

describe("Host, bound to a network", () => {
  test.each([
    ["0.0.0.0", "192.168.1.4:4000", null],
    ["0.0.0.0", "[fe80::1]:4000", null],
    ["0.0.0.0", "localhost:4000", null],
    ["0.0.0.0", "evil.example:4000", "forbidden"],
    ["classroom.example", "classroom.example:4000", null],
    ["classroom.example", "evil.example", "forbidden"],
  ])("%s as %s → %s", (bound, host, code) => expect(refused(bound, { host })).toBe(code));
});

describe("Origin", () => {
  test.each<[Record<string, string>, string | null]>([
    [{}, null],
    [{ origin: "http://localhost:4000" }, null],
    [{ origin: "http://localhost:4001" }, "forbidden"],
    [{ origin: "http://127.0.0.1:4000" }, "forbidden"],
    [{ origin: "https://evil.example" }, "forbidden"],
    [{ origin: "null" }, "forbidden"],
    [{ origin: "file://localhost:4000" }, "forbidden"],
    [{ "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" }, null],
    [{ "sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }, null],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }, null],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" }, "forbidden"],
    [{ "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" }, "forbidden"],
    [{ "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script" }, "forbidden"],
  ])("%j → %s", (headers, code) => expect(refused("127.0.0.1", { host: "localhost:4000", ...headers })).toBe(code));
});
