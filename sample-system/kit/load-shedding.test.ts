import { expect, test } from "vitest";
import { createLoadShedder } from "./load-shedding.ts";

test("lets in as many as may be in work, and the next when one has left", () => {
  const shedder = createLoadShedder();
  const leave = shedder.enter(2);
  shedder.enter(2);
  expect(shedder.enter(2)).toBe(undefined);
  leave?.();
  expect(shedder.enter(2)).toBeTypeOf("function");
});

test("who leaves twice has left once", () => {
  const shedder = createLoadShedder();
  const leave = shedder.enter(5);
  shedder.enter(5);
  leave?.();
  leave?.();
  expect(shedder.inWork).toBe(1);
});

test("a limit that was lowered or switched off counts those who are inside already", () => {
  const shedder = createLoadShedder();
  for (let n = 0; n < 10; n++) shedder.enter(Number.POSITIVE_INFINITY);
  expect(shedder.enter(10)).toBe(undefined);
  expect(shedder.enter(11)).toBeTypeOf("function");
});
