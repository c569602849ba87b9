import { expect, test } from "vitest";
import type { BreakerSettings } from "../settings.ts";
import { play } from "./play.fixture.ts";

/** lib/circuit.js: the defaults; a volume threshold of 0 is one of 1. */
const defaults: BreakerSettings = {
  mode: "auto",
  rules: "opossum",
  windowMs: 10_000,
  windowCalls: 0,
  minimumCalls: 1,
  failureRatePercent: 50,
  slowCallMs: 600_000,
  slowRatePercent: 100,
  openMs: 30_000,
  permittedProbes: 1,
};

test.each([
  ["the very first failure opens", "fail", "open"],
  ["exactly 50 % does not", "ok fail", "closed"],
  ["not ever, one good for one bad", "ok fail ok fail ok fail ok fail", "closed"],
  ["one more does", "ok fail fail", "open"],
  ["calls in flight dilute the rate", "begin:a begin:b fail begin:c fail", "closed"],
  ["until they fail too", "begin:a begin:b fail begin:c fail fail:a", "open"],
  ["a good call never trips it", "ok", "closed"],
  ["failures of more than ten seconds ago are forgotten", "ok fail +10000 ok fail", "closed"],
  ["failures may outlive the calls that they belong to", "begin:a +10000 fail:a", "open"],
  ["slow calls are good calls", "slow*20", "closed"],
  ["a cancelled call has failed", "cancel", "open"],
  ["it half-opens by timer", "fail +30000", "half_open"],
  ["not a moment earlier", "fail +29999", "open"],
  ["one probe passes, the others are refused", "fail +30000 begin:a fail*9", "half_open"],
  ["a good probe closes", "fail +30000 ok", "closed"],
  ["a bad one opens, whatever the rate", "ok*9 fail*10 +1000 +29000 fail", "open"],
  ["for the whole time again", "fail +30000 fail +29999", "open"],
  ["a late answer of before closes it", "begin:a fail fail +30000 ok:a", "closed"],
])("%s", (_name, story, state) => {
  expect(play(defaults, story).state).toBe(state);
});

const impatient = { ...defaults, openMs: 1_000 };
test.each([
  ["what was counted stays counted when it closes: the second failure trips", "fail +1000 ok fail", "open"],
  ["unless refused calls diluted the rate", "fail ok*9 +1000 ok fail", "closed"],
])("%s", (_name, story, state) => {
  expect(play(impatient, story).state).toBe(state);
});

test("a volume threshold keeps it closed before so many calls", () => {
  expect(play({ ...defaults, minimumCalls: 5 }, "fail*4").state).toBe("closed");
  expect(play({ ...defaults, minimumCalls: 5 }, "fail*5").state).toBe("open");
});

test("says why, with numbers", () => {
  expect(play(defaults, "fail +30000 ok").reasons).toEqual([
    "opened: 1 of 1 failed, threshold more than 50 %",
    "half-open after 30.0 s: 1 probe may pass",
    "closed: the probe succeeded",
  ]);
});
