import { expect, test } from "vitest";
import type { BreakerSettings } from "../settings.ts";
import { play } from "./play.fixture.ts";

/** HystrixCommandProperties: the defaults. */
const defaults: BreakerSettings = {
  mode: "auto",
  rules: "hystrix",
  windowMs: 10_000,
  windowCalls: 0,
  minimumCalls: 20,
  failureRatePercent: 50,
  slowCallMs: 600_000,
  slowRatePercent: 100,
  openMs: 5_000,
  permittedProbes: 1,
};
const opened = "fail*20 +500";

test.each([
  ["below the volume threshold nothing happens", "fail*19 +500", "closed"],
  ["it does not look after each call", "fail*20 +499", "closed"],
  ["but every half second", opened, "open"],
  ["calls that come before it looks still pass", "fail*50", "closed"],
  ["exactly the threshold trips", "ok*10 fail*10 +500", "open"],
  ["one less does not", "ok*11 fail*10 +500", "closed"],
  ["a percentage is cut to a whole number: 49.9 is 49", "ok*501 fail*499 +500", "closed"],
  ["a good call can bring the volume that trips", "fail*19 +500 ok +500", "open"],
  ["failures of more than ten seconds ago are forgotten", "fail*19 +10000 fail +500", "closed"],
  ["old successes that leave can trip it with no new call", "ok*30 +5000 fail*20 +500 +4500", "open"],
  ["slow calls are good calls", "slow*40 +500", "closed"],
  ["cancelled calls are no calls", "cancel*20 fail*10 +500", "closed"],
  ["calls in flight dilute nothing", "begin:a begin:b ok*10 fail*10 +500", "open"],
  ["without a call it stays open", `${opened} +60000`, "open"],
  ["a call just when the sleep window ends is refused", `${opened} +5000 ok`, "open"],
  ["the first one after it is the probe", `${opened} +5001 begin:a`, "half_open"],
  ["the others are refused meanwhile", `${opened} +5001 begin:a fail*9`, "half_open"],
  ["a good probe closes", `${opened} +5001 ok`, "closed"],
  ["a bad one opens", `${opened} +5001 fail`, "open"],
  ["for the whole sleep window again", `${opened} +5001 fail +5000 ok`, "open"],
  ["and then the next is a probe", `${opened} +5001 fail +5001 ok`, "closed"],
  ["a cancelled probe opens it again", `${opened} +5001 cancel`, "open"],
  ["closed again, it has forgotten", `${opened} +5001 ok fail*19 +500`, "closed"],
  ["a late answer of before closes it while the probe is out", `begin:a ${opened} +5001 begin:b ok:a`, "closed"],
  ["a late failure opens it again", `begin:a ${opened} +5001 begin:b fail:a`, "open"],
])("%s", (_name, story, state) => {
  expect(play(defaults, story).state).toBe(state);
});

test("says why, with numbers", () => {
  expect(play(defaults, "ok*6 fail*14 +500 +5001 fail +5001 ok").reasons).toEqual([
    "opened: 14 of 20 failed, threshold 50 %",
    "half-open after 5.0 s: 1 probe may pass",
    "opened: the probe failed",
    "half-open after 5.0 s: 1 probe may pass",
    "closed: the probe succeeded",
  ]);
});
