import { expect, test } from "vitest";
import { toInvariantReport } from "./invariant-report.ts";
import type { LogRecord } from "./log-record.ts";

const toLog = (attributes: LogRecord["attributes"], eventName = "invariant"): LogRecord => ({
  service: "auditor",
  eventName,
  atNanos: 5_000_000_000n,
  severity: 9,
  body: null,
  traceId: null,
  spanId: null,
  attributes,
});

test("a report with its offenders and the traces that are known", () => {
  const log = toLog({
    "invariant.name": "I1",
    "invariant.title": "no order is charged twice",
    "invariant.state": "broken",
    "invariant.violations": 12,
    "invariant.since": 4_000,
    "invariant.reason": "12 orders have two charges",
    "invariant.offenders": ["o1", "o2"],
    "invariant.traces": ["", "0af7651916cd43dd8448eb211c80319c"],
  });
  expect(toInvariantReport(log)).toEqual({
    at: 5_000,
    invariant: {
      name: "I1",
      title: "no order is charged twice",
      state: "broken",
      violations: 12,
      since: 4_000,
      reason: "12 orders have two charges",
      offenders: [{ id: "o1" }, { id: "o2", traceId: "0af7651916cd43dd8448eb211c80319c" }],
    },
  });
});

test("no more offenders than the contract has", () => {
  const ids = Array.from({ length: 30 }, (_, index) => `o${index}`);
  const log = toLog({ "invariant.name": "I1", "invariant.state": "BROKEN", "invariant.offenders": ids });
  expect(toInvariantReport(log)?.invariant.offenders).toHaveLength(10);
});

test("what is left out has a default", () => {
  expect(toInvariantReport(toLog({ "invariant.name": "I3", "invariant.state": "holds" }))).toEqual({
    at: 5_000,
    invariant: { name: "I3", title: "I3", state: "holds", violations: 0, since: 5_000, reason: "", offenders: [] },
  });
});

test.each<[string, LogRecord]>([
  ["another event", toLog({ "invariant.name": "I1", "invariant.state": "holds" }, "circuitbreaker")],
  ["no name", toLog({ "invariant.state": "holds" })],
  ["an unknown state", toLog({ "invariant.name": "I1", "invariant.state": "perhaps" })],
])("%s is none", (_name, log) => {
  expect(toInvariantReport(log)).toBeNull();
});
