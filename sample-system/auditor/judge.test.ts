import { beforeEach, expect, test, vi } from "vitest";
import { createBooks, type Service } from "./books.ts";
import type { Violation } from "./invariants/invariant.ts";
import { createJudge } from "./judge.ts";
import { toAttributes } from "./tell.ts";

let violations: Violation[];
const books = createBooks();
const nobody = new Set<Service>();

beforeEach(() => {
  violations = [];
  vi.useFakeTimers({ now: 0 });
  return () => vi.useRealTimers();
});

function createTestJudge() {
  return createJudge({
    name: "I9",
    title: "a rule",
    toleranceMs: 30_000,
    reads: ["bank"],
    find: () => violations,
  });
}

test("a violation waits for as long as its rule allows, then the rule is broken, then it holds again", () => {
  const { judge } = createTestJudge();
  const states = [judge(books, 0, nobody).state];
  violations = [{ id: "a", what: "wrong" }];
  for (const at of [1_000, 30_000, 31_000]) states.push(judge(books, at, nobody).state);
  violations = [];
  states.push(judge(books, 40_000, nobody).state);
  expect(states).toEqual(["holds", "waiting", "waiting", "broken", "holds"]);
});

test("offenders that take turns never break a rule", () => {
  const { judge } = createTestJudge();
  for (let at = 0; at <= 60_000; at += 1_000) {
    violations = [{ id: `order-${at}`, what: "wrong" }];
    expect(judge(books, at, nobody).state).toBe("waiting");
  }
});

test("a service that does not answer leaves the rule waiting, and is named", () => {
  const { judge } = createTestJudge();
  const verdict = judge(books, 0, new Set<Service>(["bank"]));
  expect([verdict.state, verdict.reason]).toEqual(["waiting", "bank cannot be asked"]);
});

test("what is compared with the old book of a silent service breaks no rule, and its time begins when all can be asked", () => {
  const { judge } = createTestJudge();
  const bank = new Set<Service>(["bank"]);
  violations = [{ id: "a", what: "wrong" }];
  const states = [judge(books, 0, nobody).state];
  for (const at of [20_000, 40_000, 60_000]) states.push(judge(books, at, bank).state);
  for (const at of [61_000, 89_000, 90_000]) states.push(judge(books, at, nobody).state);
  expect(states).toEqual([...Array(6).fill("waiting"), "broken"]);
});

test("silence does not mend a broken rule", () => {
  const { judge } = createTestJudge();
  violations = [{ id: "a", what: "wrong" }];
  for (const at of [0, 30_000]) judge(books, at, nobody);
  const verdict = judge(books, 31_000, new Set<Service>(["bank"]));
  expect([verdict.state, verdict.reason]).toEqual(["broken", "a: wrong; bank cannot be asked"]);
});

test("the record names the late ones first, with their traces, and counts them all", () => {
  const { judge } = createTestJudge();
  violations = [{ id: "old", what: "wrong", traceId: "t1" }];
  judge(books, 0, nobody);
  violations = [...Array.from({ length: 20 }, (_, n) => ({ id: `new-${n}`, what: "wrong" })), ...violations];
  const attributes = toAttributes(judge(books, 30_000, nobody));
  expect(attributes["invariant.violations"]).toBe(21);
  expect((attributes["invariant.offenders"] as string[]).slice(0, 2)).toEqual(["old", "new-0"]);
  expect((attributes["invariant.traces"] as string[]).slice(0, 2)).toEqual(["t1", ""]);
  expect(attributes["invariant.reason"]).toBe("old: wrong, and 20 more");
});
