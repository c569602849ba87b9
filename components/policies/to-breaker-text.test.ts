import { expect, test } from "vitest";
import type { Breaker } from "#contract/breaker.ts";
import { lets, toFailureText, toSharePercent, toSwitchText } from "./to-breaker-text.ts";

const breaker: Breaker = {
  name: "bank",
  state: "closed",
  since: 0,
  reason: "",
  calls: 20,
  failures: 14,
  slow: 2,
  minimumCalls: 5,
  failureRatePercent: 50,
  slowRatePercent: 60,
  slowCallMs: 800,
  windowMs: 10_000,
  refused: 0,
  permittedProbes: 3,
};

test.each([
  [{ state: "closed" }, ""],
  [{ state: "open", openUntil: 13_100 }, "half-open in 3.1 s"],
  [{ state: "open" }, "open"],
  [{ state: "half_open", probes: 1 }, "half-open · 1 of 3 probes"],
  [{ state: "forced_open" }, "forced open"],
] as const)("%o says %s beside the switch", (change, text) => {
  expect(toSwitchText({ ...breaker, ...change }, 10_000)).toBe(text);
});

test("the counters say how far it is from tripping", () => {
  expect(toFailureText(breaker)).toBe("failures 14 of 20 calls (needs 50 % of at least 5)");
  expect(toSharePercent(14, 20)).toBe(70);
  expect(toSharePercent(0, 0)).toBe(0);
});

test("only open switches let nothing pass", () => {
  expect(
    ["closed", "open", "half_open", "forced_open", "forced_closed", "disabled"].map((state) =>
      lets(state as Breaker["state"]),
    ),
  ).toEqual(["all", "none", "some", "none", "all", "all"]);
});
