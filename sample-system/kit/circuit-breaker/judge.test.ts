import { expect, test } from "vitest";
import { demoSettings } from "./demo-settings.fixture.ts";
import { whyTrip } from "./judge.ts";

test.each([
  ["no calls", 0, 0, 0, null],
  ["below the minimum", 4, 4, 4, null],
  ["all good", 5, 0, 0, null],
  ["just below the failure threshold", 100, 49, 0, null],
  ["at the failure threshold", 100, 50, 0, "50 of 100 failed, threshold 50 %"],
  ["just below the slow threshold", 100, 0, 59, null],
  ["at the slow threshold", 100, 0, 60, "60 of 100 slower than 800 ms, threshold 60 %"],
  ["both: failures are named", 20, 14, 20, "14 of 20 failed, threshold 50 %"],
])("%s", (_name, calls, failures, slow, why) => {
  expect(whyTrip({ calls, failures, slow }, 5, demoSettings)).toBe(why);
});

test("a threshold of 0 % needs one bad call", () => {
  const strict = { ...demoSettings, failureRatePercent: 0, slowRatePercent: 0 };
  expect(whyTrip({ calls: 9, failures: 0, slow: 0 }, 5, strict)).toBe(null);
  expect(whyTrip({ calls: 9, failures: 1, slow: 0 }, 5, strict)).toBe("1 of 9 failed, threshold 0 %");
});
