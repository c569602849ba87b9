import { expect, test } from "vitest";
import { anEdge } from "../live/live.fixture.ts";
import { toEdgeLabel, toThickness } from "./to-edge.ts";

test("a line grows with the logarithm of its rate, within bounds, and a quiet one less", () => {
  const widths = [0, 1, 10, 100, 1e9].map((rate) => toThickness(rate, false));
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
  expect(widths[0]).toBe(2);
  expect(widths.at(-1)).toBe(9);
  expect(toThickness(100, true)).toBeLessThan(toThickness(100, false));
});

test("a screen reader hears numbers, faults and reason of a line", () => {
  const edge = anEdge("payments", "bank", { errorRatio: 1, health: "failing", faults: ["f1"], reason: "breaker open" });
  expect(toEdgeLabel(edge)).toBe(
    "payments to bank, failing, 10 requests per second, 100 % errors, p95 40 ms, 1 fault, breaker open",
  );
});
