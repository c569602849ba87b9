import { expect, test } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

test("allows a burst, refuses the next, and refills with time", () => {
  let now = 0;
  const may = createRateLimit(50, () => now);
  const allowed = () => Array.from({ length: 60 }, may).filter(Boolean).length;
  expect(allowed()).toBe(50);
  now = 100;
  expect(allowed()).toBe(5);
  now = 60_000;
  expect(allowed()).toBe(50);
});
