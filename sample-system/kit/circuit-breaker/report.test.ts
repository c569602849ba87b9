import { type LogRecord, logs } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createCircuitBreaker } from "./circuit-breaker.ts";
import { demoSettings } from "./demo-settings.fixture.ts";
import { reportBreaker } from "./report.ts";

let records: LogRecord[];
beforeEach(() => {
  records = [];
  vi.useFakeTimers({ now: 1_000_000 });
  logs.setGlobalLoggerProvider({
    getLogger: () => ({ emit: (record) => records.push(record), enabled: () => true }),
  });
});
afterEach(() => {
  logs.disable();
  vi.useRealTimers();
});
const states = () => records.splice(0).map((record) => record.attributes?.["circuitbreaker.state"]);

test("tells at start, at each transition, while counters change or it is open, and every 5 s in any case", () => {
  const breaker = createCircuitBreaker("payments->bank", demoSettings, () => report.transition());
  const report = reportBreaker(breaker, "bank");
  expect(states()).toEqual(["closed"]);

  vi.advanceTimersByTime(4_900);
  expect(states()).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(states()).toEqual(["closed"]);

  breaker.acquire()?.completed({ failed: false, durationMs: 1 });
  vi.advanceTimersByTime(1_000);
  expect(states()).toEqual(["closed"]);

  for (let i = 0; i < 5; i++) breaker.acquire()?.completed({ failed: true, durationMs: 1 });
  expect(records[0]?.body).toBe("opened: 4 of 5 failed, threshold 50 %");
  expect(states()).toEqual(["open"]);
  vi.advanceTimersByTime(1_000);
  expect(states()).toEqual(["open", "open"]);
  report.close();
});

test("the record carries the edge, the counters and the settings under their public names", () => {
  const breaker = createCircuitBreaker("payments->bank", demoSettings);
  reportBreaker(breaker, "bank").close();
  expect(records[0]).toMatchObject({
    eventName: "circuitbreaker",
    body: "closed: no calls counted yet",
    attributes: {
      "event.name": "circuitbreaker",
      "service.peer.name": "bank",
      "circuitbreaker.name": "payments->bank",
      "circuitbreaker.state": "closed",
      "circuitbreaker.since": 1_000_000,
      "circuitbreaker.reason": "closed: no calls counted yet",
      "circuitbreaker.calls": 0,
      "circuitbreaker.minimum_calls": 5,
      "circuitbreaker.window_ms": 10_000,
      "circuitbreaker.permitted_probes": 3,
    },
  });
});
