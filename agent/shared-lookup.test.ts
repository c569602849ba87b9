import { expect, test, vi } from "vitest";
import { sharedLookup } from "./shared-lookup.ts";

type Answer = (error: Error | null, address: string, family: number) => void;
const asked = vi.hoisted(() => [] as { hostname: string; answer: Answer }[]);
vi.mock("node:dns", () => ({
  lookup: (hostname: string, _options: object, answer: Answer) => asked.push({ hostname, answer }),
}));

test("dials to one name share a lookup, other names have their own, and answers are not kept", () => {
  const got: unknown[] = [];
  const look = (hostname: string) => sharedLookup(hostname, {}, (error, address) => got.push(error ?? address));
  look("inventory");
  look("inventory");
  look("bank");
  expect(asked.map(({ hostname }) => hostname)).toEqual(["inventory", "bank"]);
  asked[0]?.answer(null, "10.0.0.7", 4);
  expect(got).toEqual(["10.0.0.7", "10.0.0.7"]);
  look("inventory");
  expect(asked).toHaveLength(3);
  const gone = new Error("ENOTFOUND");
  asked[2]?.answer(gone, "", 4);
  expect(got[2]).toBe(gone);
});
