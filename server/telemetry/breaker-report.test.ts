import { expect, test } from "vitest";
import { type Breaker, breakerAttributes } from "#contract/breaker.ts";
import { toBreakerReport } from "./breaker-report.ts";
import type { LogRecord } from "./log-record.ts";

const open: Breaker = {
  name: "bank",
  state: "open",
  since: 1_760_000_000_000,
  reason: "14 of 20 failed, threshold 50 %",
  calls: 20,
  failures: 14,
  slow: 0,
  minimumCalls: 5,
  failureRatePercent: 50,
  slowRatePercent: 60,
  slowCallMs: 800,
  windowMs: 10_000,
  refused: 3,
  openUntil: 1_760_000_006_000,
  permittedProbes: 3,
};

const log = (attributes: LogRecord["attributes"], eventName = "circuitbreaker"): LogRecord => ({
  service: "payments",
  eventName,
  atNanos: 1_760_000_000_500_000_000n,
  severity: 9,
  body: null,
  traceId: null,
  spanId: null,
  attributes,
});

const full = Object.fromEntries(
  Object.entries(breakerAttributes).flatMap(([field, key]) => {
    const value = open[field as keyof Breaker];
    return value === undefined ? [] : [[key, value]];
  }),
);

test("a full report names its edge and carries every field", () => {
  expect(toBreakerReport(log({ ...full, "service.peer.name": "bank" }))).toEqual({
    caller: "payments",
    callee: "bank",
    breaker: open,
  });
});

test("the state alone is enough, in any system's spelling", () => {
  const report = toBreakerReport(log({ "service.peer.name": "bank", "circuitbreaker.state": "HALF_OPEN" }));
  expect(report?.breaker).toMatchObject({ name: "bank", state: "half_open", since: 1_760_000_000_500, calls: 0 });
});

test.each([
  ["another event", log({ ...full, "service.peer.name": "bank" }, "order")],
  ["no peer", log(full)],
  ["no state", log({ "service.peer.name": "bank" })],
  ["an unknown state", log({ "service.peer.name": "bank", "circuitbreaker.state": "ajar" })],
])("%s is no report", (_name, record) => {
  expect(toBreakerReport(record)).toBeNull();
});
