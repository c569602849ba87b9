import { expect, test } from "vitest";
import { matchesTopic } from "./topic.ts";

test.each([
  ["a.b", "a.b", true],
  ["a.b", "a.c", false],
  ["*", "a", true],
  ["*", "", false],
  ["*", "a.b", false],
  ["#", "", true],
  ["#", "a.b.c", true],
  ["a.#", "a", true],
  ["a.#", "a.b.c", true],
  ["a.#", "b.a", false],
  ["#.b", "b", true],
  ["#.b.#", "a.b.c", true],
  ["#.*", "", false],
  ["#.*", "a", true],
  ["*.*.#", "a", false],
  ["a.*.#.d", "a.b.d", true],
  ["a.*.#.d", "a.d", false],
  ["a*", "ab", false],
])("%s and %s: %s", (pattern, routingKey, fits) => {
  expect(matchesTopic(pattern, routingKey)).toBe(fits);
});

test("a pattern of many # costs no exponential time", () => {
  const startedAt = performance.now();
  expect(matchesTopic(`${"#.a.".repeat(60)}b`, "a.".repeat(120).slice(0, -1))).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
