import { expect, test } from "vitest";
import { createLastGood } from "./last-good.ts";

test("keeps the newest answer to each question, and no more questions than it may", () => {
  const lastGood = createLastGood(2);
  lastGood.keep("a", 1);
  lastGood.keep("b", 1);
  lastGood.keep("a", 2);
  lastGood.keep("c", null);
  expect(["a", "b", "c"].map((key) => lastGood.find(key)?.value)).toEqual([2, undefined, null]);
});
