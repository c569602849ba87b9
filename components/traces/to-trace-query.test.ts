import { expect, test } from "vitest";
import { toServiceColour } from "./to-service-colour.ts";
import { fromSearch, noFilter, toSearch, toTraceUrl } from "./to-trace-query.ts";

test("a filter survives the address bar", () => {
  const filter = { service: "catalog", status: "error", minMs: 200 } as const;
  expect(fromSearch(new URLSearchParams(toSearch(filter)))).toEqual(filter);
  expect(toSearch(noFilter)).toBe("");
});

test("nonsense in the address is no filter", () => {
  expect(fromSearch(new URLSearchParams("status=maybe&minMs=-4"))).toEqual(noFilter);
});

test("only what is set is asked for", () => {
  expect(toTraceUrl(noFilter)).toBe("/api/traces?limit=100");
  expect(toTraceUrl({ service: "bank", status: "ok", minMs: 5 }, 10)).toBe(
    "/api/traces?limit=10&service=bank&status=ok&minMs=5",
  );
});

test("the first nine services of a system have nine colours", () => {
  const known = Array.from({ length: 9 }, (_, index) => `service-${index}`);
  expect(new Set(known.map((service) => toServiceColour(service, known))).size).toBe(9);
});
