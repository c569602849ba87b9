import { describe, expect, test } from "vitest";
import { demoSettings } from "../demo-settings.fixture.ts";
import { play } from "./play.fixture.ts";
import { resilience4j } from "./resilience4j.ts";

/** As its documentation gives them. */
const defaults = {
  ...demoSettings,
  windowMs: 100_000,
  windowCalls: 100,
  minimumCalls: 100,
  slowCallMs: 60_000,
  slowRatePercent: 100,
  openMs: 60_000,
  permittedProbes: 10,
};

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
  expect(resilience4j.whyOpen({ calls, failures, slow }, demoSettings)).toBe(why);
});

test("a threshold of 0 % needs one bad call", () => {
  const strict = { ...demoSettings, failureRatePercent: 0, slowRatePercent: 0 };
  expect(resilience4j.whyOpen({ calls: 9, failures: 0, slow: 0 }, strict)).toBe(null);
  expect(resilience4j.whyOpen({ calls: 9, failures: 1, slow: 0 }, strict)).toBe("1 of 9 failed, threshold 0 %");
});

describe("with its defaults, a window of the last 100 calls", () => {
  test.each([
    ["99 failures are below the minimum", "fail*99", "closed"],
    ["the hundredth call brings the verdict", "fail*99 fail", "open"],
    ["also when that one is good", "fail*50 ok*49 ok", "open"],
    ["49 of 100 are too few", "fail*49 ok*51", "closed"],
    ["calls never grow too old", "fail*50 +600000 ok*50", "open"],
    ["only the last 100 count", "fail*49 ok*51 ok*49 fail*49", "closed"],
    ["the 50th failure among the last 100 trips", "ok*100 ok*200 fail*50", "open"],
    ["it half-opens by timer", "fail*100 +60000", "half_open"],
    ["not a moment earlier", "fail*100 +59999", "open"],
    ["nine probes are not enough", "fail*100 +60000 ok*9", "half_open"],
    ["ten are", "fail*100 +60000 ok*10", "closed"],
    ["half of them bad is too bad", "fail*100 +60000 ok*5 fail*5", "open"],
    ["closed again, it has forgotten", "fail*100 +60000 ok*10 fail*99", "closed"],
  ])("%s", (_name, story, state) => {
    expect(play(defaults, story).state).toBe(state);
  });
});

test.each([
  ["a minimum that the window cannot hold is the window", { windowCalls: 4, minimumCalls: 100 }, "fail*4", "open"],
  ["with a minimum below the probes, that many decide", { minimumCalls: 2 }, "fail*2 +6000 ok*2", "closed"],
  ["a minimum above the probes is the probes", { minimumCalls: 5 }, "fail*5 +6000 ok*3", "closed"],
  ["slow probes open it again", {}, "fail*5 +6000 slow*3", "open"],
  ["a late answer is no probe", { permittedProbes: 1 }, "begin:a fail*5 +6000 fail:a", "half_open"],
  ["a cancelled probe gives its place back", { permittedProbes: 1 }, "fail*5 +6000 cancel*5 ok", "closed"],
])("%s", (_name, settings, story, state) => {
  expect(play({ ...demoSettings, ...settings }, story).state).toBe(state);
});
