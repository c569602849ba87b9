import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CircuitBreaker, Transition } from "./breaker.ts";
import { createCircuitBreaker } from "./circuit-breaker.ts";
import { demoSettings } from "./demo-settings.fixture.ts";

let events: Transition[];
const reasons = () => events.map((event) => event.reason);

function create(settings: Partial<typeof demoSettings> = {}) {
  return createCircuitBreaker("payments->bank", { ...demoSettings, ...settings }, (event) => events.push(event));
}

function complete(breaker: CircuitBreaker, count: number, failed: boolean, durationMs = 10) {
  for (let i = 0; i < count; i++) breaker.acquire()?.completed({ failed, durationMs });
}

beforeEach(() => {
  events = [];
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("closed", () => {
  test("stays closed below the minimum of calls, however many fail", () => {
    const breaker = create();
    complete(breaker, 4, true);
    expect(breaker.snapshot()).toMatchObject({ state: "closed", counts: { calls: 4, failures: 4 } });
  });

  test("opens when the failure rate reaches the threshold exactly, and says why", () => {
    const breaker = create();
    complete(breaker, 3, false);
    complete(breaker, 3, true);
    expect(events).toEqual([
      {
        at: 1_000_000,
        from: "closed",
        to: "open",
        reason: "opened: 3 of 6 failed, threshold 50 %",
        counts: { calls: 6, failures: 3, slow: 0 },
      },
    ]);
    expect(breaker.snapshot()).toMatchObject({ state: "open", openUntil: 1_006_000, counts: { failures: 3 } });
  });

  test("opens on slow calls although all succeed", () => {
    const breaker = create();
    complete(breaker, 2, false);
    complete(breaker, 3, false, 801);
    expect(reasons()).toEqual(["opened: 3 of 5 slower than 800 ms, threshold 60 %"]);
  });

  test("a call that takes exactly the limit is not slow", () => {
    const breaker = create();
    complete(breaker, 9, false, 800);
    expect(breaker.snapshot().counts.slow).toBe(0);
  });

  test("forgets calls that are older than the window", () => {
    const breaker = create();
    complete(breaker, 4, true);
    vi.advanceTimersByTime(10_000);
    complete(breaker, 4, true);
    expect(breaker.snapshot()).toMatchObject({ state: "closed", counts: { calls: 4 } });
  });

  test("counts only completed calls: neither those in flight nor cancelled ones dilute the rate", () => {
    const breaker = create();
    for (let i = 0; i < 50; i++) breaker.acquire();
    for (let i = 0; i < 50; i++) breaker.acquire()?.cancelled();
    complete(breaker, 5, true);
    expect(reasons()).toEqual(["opened: 5 of 5 failed, threshold 50 %"]);
  });

  test("a permit can be told once only", () => {
    const breaker = create();
    const permit = breaker.acquire();
    for (let i = 0; i < 9; i++) permit?.completed({ failed: true, durationMs: 1 });
    expect(breaker.snapshot().counts.calls).toBe(1);
  });
});

describe("open", () => {
  test("refuses and counts the refusals apart", () => {
    const breaker = create();
    complete(breaker, 5, true);
    expect([breaker.acquire(), breaker.acquire()]).toEqual([null, null]);
    expect(breaker.snapshot()).toMatchObject({ refused: 2, counts: { calls: 5, failures: 5 } });
  });

  test("goes half-open by timer, without any traffic", () => {
    const breaker = create();
    complete(breaker, 5, true);
    vi.advanceTimersByTime(5_999);
    expect(breaker.snapshot().state).toBe("open");
    vi.advanceTimersByTime(1);
    expect(breaker.snapshot()).toMatchObject({ state: "half_open", probes: 0, since: 1_006_000 });
  });

  test("an answer to a call from before it opened changes nothing", () => {
    const breaker = create();
    const early = breaker.acquire();
    complete(breaker, 5, true);
    vi.advanceTimersByTime(6_000);
    early?.completed({ failed: true, durationMs: 6_000 });
    expect(breaker.snapshot()).toMatchObject({ state: "half_open", probes: 0 });
  });
});

describe("half-open", () => {
  function createHalfOpen() {
    const breaker = create();
    complete(breaker, 5, true);
    vi.advanceTimersByTime(6_000);
    return breaker;
  }

  test("lets the permitted probes pass and refuses the others", () => {
    const breaker = createHalfOpen();
    const permits = Array.from({ length: 5 }, () => breaker.acquire());
    expect(permits.map((permit) => permit !== null)).toEqual([true, true, true, false, false]);
  });

  test("closes after good probes, with the window cleared", () => {
    const breaker = createHalfOpen();
    complete(breaker, 3, false);
    expect(reasons()).toEqual([
      "opened: 5 of 5 failed, threshold 50 %",
      "half-open after 6.0 s: 3 probes may pass",
      "closed: 3 of 3 probes succeeded",
    ]);
    expect(breaker.snapshot()).toMatchObject({ state: "closed", counts: { calls: 0, failures: 0 } });
    complete(breaker, 4, true);
    expect(breaker.snapshot().state).toBe("closed");
  });

  test("opens again, for the whole time, after bad probes", () => {
    const breaker = createHalfOpen();
    complete(breaker, 1, false);
    complete(breaker, 2, true);
    expect(reasons().at(-1)).toBe("opened: probes: 2 of 3 failed, threshold 50 %");
    expect(breaker.snapshot().openUntil).toBe(1_012_000);
    vi.advanceTimersByTime(6_000);
    expect(breaker.snapshot().state).toBe("half_open");
  });

  test("waits for all probes before it decides", () => {
    const breaker = createHalfOpen();
    complete(breaker, 2, true);
    expect(breaker.snapshot()).toMatchObject({ state: "half_open", probes: 2 });
  });

  test("a cancelled probe gives its place back", () => {
    const breaker = createHalfOpen();
    for (let i = 0; i < 9; i++) breaker.acquire()?.cancelled();
    complete(breaker, 3, false);
    expect(breaker.snapshot().state).toBe("closed");
  });
});

describe("mode", () => {
  test.each([
    ["forced_open", false, "forced open: every call is refused"],
    ["forced_closed", true, "forced closed: every call passes, none trips it"],
    ["disabled", true, "disabled: every call passes, none is counted"],
  ] as const)("%s holds whatever the calls do", (mode, passes, reason) => {
    const breaker = create();
    breaker.configure({ ...demoSettings, mode });
    for (let i = 0; i < 20; i++) {
      const permit = breaker.acquire();
      expect(permit !== null).toBe(passes);
      permit?.completed({ failed: true, durationMs: 5_000 });
    }
    vi.advanceTimersByTime(60_000);
    expect(reasons()).toEqual([reason]);
    expect(breaker.snapshot().state).toBe(mode);
  });

  test("forced closed still counts, so that the class sees what it ignores", () => {
    const breaker = create({ mode: "forced_closed" });
    complete(breaker, 7, true);
    expect(breaker.snapshot().counts).toEqual({ calls: 7, failures: 7, slow: 0 });
  });

  test("leaving an open breaker by mode stops its timer, and auto begins closed with nothing counted", () => {
    const breaker = create();
    complete(breaker, 5, true);
    breaker.configure({ ...demoSettings, mode: "forced_closed" });
    breaker.configure(demoSettings);
    vi.advanceTimersByTime(60_000);
    expect(events.map((event) => event.to)).toEqual(["open", "forced_closed", "closed"]);
    expect(breaker.snapshot().counts.calls).toBe(0);
  });

  test("a new threshold applies to the calls already counted, at the next one", () => {
    const breaker = create();
    complete(breaker, 8, false);
    complete(breaker, 1, true);
    breaker.configure({ ...demoSettings, failureRatePercent: 20 });
    complete(breaker, 1, true);
    expect(reasons()).toEqual(["opened: 2 of 10 failed, threshold 20 %"]);
  });

  test("reset closes an open breaker and forgets, but does not lift a forced one", () => {
    const breaker = create();
    complete(breaker, 5, true);
    breaker.reset();
    expect(breaker.snapshot()).toMatchObject({ state: "closed", counts: { calls: 0 } });
    vi.advanceTimersByTime(60_000);
    expect(breaker.snapshot().state).toBe("closed");
    breaker.configure({ ...demoSettings, mode: "forced_open" });
    breaker.reset();
    expect(breaker.snapshot().state).toBe("forced_open");
  });

  test("other rules begin closed with nothing counted, and the old timer changes nothing", () => {
    const breaker = create();
    complete(breaker, 5, true);
    breaker.configure({ ...demoSettings, rules: "opossum" });
    expect(breaker.snapshot()).toMatchObject({ state: "closed", counts: { calls: 0 } });
    vi.advanceTimersByTime(60_000);
    expect(breaker.snapshot().state).toBe("closed");
    breaker.configure({ ...demoSettings, rules: "opossum", minimumCalls: 1 });
    complete(breaker, 1, true);
    expect(reasons().at(-1)).toBe("opened: 1 of 1 failed, threshold more than 50 %");
  });
});
