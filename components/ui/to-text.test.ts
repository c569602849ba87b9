import { expect, test } from "vitest";
import { toAge, toBytes, toCountdown, toMs, toPercent, toRate, toSuccess } from "./to-text.ts";

test.each([
  [0, "0/s"],
  [0.01, "<0.1/s"],
  [3.94, "3.9/s"],
  [4, "4/s"],
  [9.97, "10/s"],
  [12.4, "12/s"],
  [1_234, "1.2k/s"],
])("rate %f reads %s", (value, text) => expect(toRate(value)).toBe(text));

test.each([
  [0, "0 %"],
  [0.0004, "<0.1 %"],
  [0.004, "0.4 %"],
  [0.124, "12 %"],
  [1, "100 %"],
])("error share %f reads %s", (value, text) => expect(toPercent(value)).toBe(text));

test("success is 100 % only when nothing failed", () => {
  expect(toSuccess(1)).toBe("100 %");
  expect(toSuccess(0.9999)).toBe("99.9 %");
  expect(toSuccess(0.998)).toBe("99.8 %");
  expect(toSuccess(null)).toBe("–");
});

test.each([
  [null, "–"],
  [0, "0 ms"],
  [0.4, "<1 ms"],
  [139.6, "140 ms"],
  [999.7, "1 s"],
  [3_000, "3 s"],
  [2_140, "2.1 s"],
  [64_000, "64 s"],
])("duration %s reads %s", (value, text) => expect(toMs(value)).toBe(text));

test.each([
  [-5, "0 s"],
  [3_050, "3.1 s"],
  [43_000, "43 s"],
  [60_000, "60 s"],
  [125_000, "2:05 min"],
])("a countdown of %d ms reads %s", (value, text) => expect(toCountdown(value)).toBe(text));

test("ages and amounts have one unit", () => {
  expect([toAge(14_900), toAge(200_000), toAge(8_000_000)]).toEqual(["14 s", "3 min", "2 h"]);
  expect([toBytes(512), toBytes(20_400), toBytes(61e6)]).toEqual(["512 B", "20 kB", "61 MB"]);
});
