import { describe, expect, test } from "vitest";
import type { Breaker } from "#contract/breaker.ts";
import type { RedReading } from "../telemetry/red-window.ts";
import { type ComponentEvidence, type EdgeEvidence, judgeComponent, judgeEdge } from "./judge-health.ts";
import { aBreaker, T0 } from "./topology.fixture.ts";

const reading = (patch: Partial<RedReading> = {}): RedReading => ({
  count: 100,
  errors: 0,
  clientErrors: 0,
  ratePerSecond: 20,
  p50Ms: 10,
  p95Ms: 20,
  p99Ms: 30,
  nextToSlowestMs: 30,
  ...patch,
});
const breaker = (state: Breaker["state"]) => aBreaker(state, T0);

describe("an edge", () => {
  test.each<[string, Partial<EdgeEvidence>, string, string | undefined]>([
    ["calm", {}, "ok", undefined],
    ["without traffic", { reading: reading({ count: 0, p95Ms: null, nextToSlowestMs: null }) }, "idle", undefined],
    ["with one error of many", { reading: reading({ errors: 1 }) }, "degraded", "1.0 % failed (1 of 100)"],
    ["just under 10 % errors", { reading: reading({ errors: 9 }) }, "degraded", "9.0 % failed (9 of 100)"],
    ["at 10 % errors", { reading: reading({ errors: 10 }) }, "failing", "10 % failed (10 of 100)"],
    ["under 10 % 4xx", { reading: reading({ clientErrors: 9 }) }, "ok", undefined],
    ["at 10 % 4xx", { reading: reading({ clientErrors: 10 }) }, "degraded", "10 % answered with 4xx (10 of 100)"],
    [
      "at 90 % 4xx, refusals by a rate limit",
      { reading: reading({ clientErrors: 90 }) },
      "degraded",
      "90 % answered with 4xx (90 of 100)",
    ],
    ["with one 4xx of two", { reading: reading({ count: 2, clientErrors: 1 }) }, "ok", undefined],
    ["slower, but not by much", { steadyMs: 2, reading: reading({ p95Ms: 45, nextToSlowestMs: 45 }) }, "ok", undefined],
    [
      "three times slower than usual",
      { steadyMs: 100, reading: reading({ p95Ms: 310, nextToSlowestMs: 400 }) },
      "degraded",
      "p95 310 ms, steady state 100 ms",
    ],
    ["with a single outlier", { steadyMs: 20, reading: reading({ p95Ms: 900, nextToSlowestMs: 25 }) }, "ok", undefined],
    ["with a request that waits a little", { steadyMs: 20, waitingMs: 300 }, "ok", undefined],
    [
      "with a request that waits long",
      { steadyMs: 20, waitingMs: 2_100 },
      "degraded",
      "oldest request has waited 2.1 s",
    ],
    ["whose steady state is unknown", { waitingMs: 900 }, "ok", undefined],
    [
      "where calls wait and none is answered",
      { reading: reading({ count: 0, p95Ms: null, nextToSlowestMs: null }), waitingMs: 4_000 },
      "failing",
      "nothing is answered, oldest request has waited 4.0 s",
    ],
    [
      "whose steady state is unknown, waiting long",
      { waitingMs: 1_100 },
      "degraded",
      "oldest request has waited 1.1 s",
    ],
    ["closed by a fault", { closed: true }, "failing", "connections are refused"],
    ["with an open breaker", { breaker: breaker("open") }, "failing", "breaker open: 14 of 20 failed, threshold 50 %"],
    ["with a breaker forced open", { breaker: breaker("forced_open") }, "failing", "breaker forced open"],
    [
      "with a half-open breaker",
      { breaker: breaker("half_open") },
      "degraded",
      "breaker half-open: 0 of 3 probes done",
    ],
    ["with a closed breaker", { breaker: breaker("closed") }, "ok", undefined],
    [
      "where a worse rule comes later",
      { breaker: breaker("half_open"), reading: reading({ errors: 50 }) },
      "failing",
      "50 % failed (50 of 100)",
    ],
  ])("%s", (_name, evidence, health, reason) => {
    const calm: EdgeEvidence = { reading: reading(), waitingMs: null, breaker: null, closed: false, steadyMs: null };
    expect(judgeEdge({ ...calm, ...evidence })).toEqual({ health, ...(reason && { reason }) });
  });
});

describe("a component", () => {
  const idle = reading({ count: 0, p95Ms: null, nextToSlowestMs: null });
  test.each<[string, Partial<ComponentEvidence>, string, string | undefined]>([
    ["calm", {}, "ok", undefined],
    ["without traffic", { reading: idle }, "idle", undefined],
    ["that has not started", { state: "starting", reading: idle }, "idle", undefined],
    ["killed, whatever its figures", { state: "killed", exitCode: 137 }, "failing", "killed, exit 137"],
    ["stopped with an unknown code", { state: "stopped", exitCode: null }, "failing", "stopped"],
    ["paused", { state: "paused" }, "failing", "paused"],
    ["failing itself", { reading: reading({ errors: 30 }) }, "failing", "30 % failed (30 of 100)"],
    [
      "slow itself",
      { steadyMs: 20, reading: reading({ p95Ms: 900, nextToSlowestMs: 900 }) },
      "degraded",
      "p95 900 ms, steady state 20 ms",
    ],
    ["that others see failing", { own: false, reading: reading({ errors: 30 }) }, "ok", undefined],
    [
      "idle, with a call that fails",
      { reading: idle, failingCalls: ["a→b: breaker open"] },
      "degraded",
      "a→b: breaker open",
    ],
  ])("%s", (_name, evidence, health, reason) => {
    const calm: ComponentEvidence = {
      state: "running",
      exitCode: undefined,
      reading: reading(),
      own: true,
      steadyMs: null,
      failingCalls: [],
    };
    expect(judgeComponent({ ...calm, ...evidence })).toEqual({ health, ...(reason && { reason }) });
  });
});
