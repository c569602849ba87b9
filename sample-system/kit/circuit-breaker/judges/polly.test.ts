import { expect, test } from "vitest";
import type { BreakerSettings } from "../settings.ts";
import { play } from "./play.fixture.ts";

/** CircuitBreakerConstants: the defaults. */
const defaults: BreakerSettings = {
  mode: "auto",
  rules: "polly",
  windowMs: 30_000,
  windowCalls: 0,
  minimumCalls: 100,
  failureRatePercent: 10,
  slowCallMs: 600_000,
  slowRatePercent: 100,
  openMs: 5_000,
  permittedProbes: 1,
};
const opened = "ok*90 fail*10";

test.each([
  ["below the minimum throughput nothing happens", "fail*99", "closed"],
  ["the hundredth failure opens at once", "fail*100", "open"],
  ["exactly the ratio trips", opened, "open"],
  ["one failure less does not", "ok*91 fail*9", "closed"],
  ["a good call never trips it, though the ratio is reached", "fail*99 ok", "closed"],
  ["the next failure does", "fail*99 ok fail", "open"],
  ["calls that left the sampling duration are forgotten", "fail*99 +30000 fail", "closed"],
  ["slow calls are good calls", "slow*200", "closed"],
  ["cancelled calls are good calls", "cancel*91 fail*9", "closed"],
  ["and count for the throughput", "cancel*90 fail*10", "open"],
  ["calls in flight dilute nothing", `begin:a begin:b ${opened}`, "open"],
  ["without a call it stays open", `${opened} +60000`, "open"],
  ["a call during the break is refused", `${opened} +4999 ok`, "open"],
  ["the first one when it is over is the probe", `${opened} +5000 begin:a`, "half_open"],
  ["the others are refused, however long it takes", `${opened} +5000 begin:a fail*9 +60000 fail`, "half_open"],
  ["a good probe closes", `${opened} +5000 ok`, "closed"],
  ["a bad one opens", `${opened} +5000 fail`, "open"],
  ["for the whole break again", `${opened} +5000 fail +4999 ok`, "open"],
  ["a cancelled probe closes: it did not fail", `${opened} +5000 cancel`, "closed"],
  ["closed again, it has forgotten", `${opened} +5000 ok fail*99`, "closed"],
  ["a late failure of before opens it again", `begin:a ${opened} +5000 begin:b fail:a`, "open"],
])("%s", (_name, story, state) => {
  expect(play(defaults, story).state).toBe(state);
});

test("says why, with numbers", () => {
  expect(play(defaults, `${opened} +5000 ok`).reasons).toEqual([
    "opened: 10 of 100 failed, threshold 10 %",
    "half-open after 5.0 s: 1 probe may pass",
    "closed: the probe succeeded",
  ]);
});
