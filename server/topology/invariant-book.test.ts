import { expect, test } from "vitest";
import type { Invariant } from "#contract/invariants.ts";
import { createInvariantBook, INVARIANT_SILENCE_MS } from "./invariant-book.ts";

const rule = (state: Invariant["state"], more: Partial<Invariant> = {}): Invariant => ({
  name: "I1",
  title: "no order is charged twice",
  state,
  violations: state === "holds" ? 0 : 2,
  since: 0,
  reason: state === "holds" ? "" : "2 orders",
  offenders: [],
  ...more,
});
const broke = "I1 is broken: no order is charged twice (2 orders)";
const holds = "I1 holds again: no order is charged twice";

test.each<[string, Invariant["state"][], string[]]>([
  ["that holds from the start is no news", ["holds", "holds"], []],
  ["that waits and holds is no news", ["waiting", "holds"], []],
  ["is told once when it breaks, and once when it holds again", ["holds", "broken", "broken", "holds"], [broke, holds]],
  ["that is first heard of broken is told", ["broken"], [broke]],
  ["holds again after it has waited", ["broken", "waiting", "holds"], [broke, holds]],
])("a rule %s", (_name, states, told) => {
  const book = createInvariantBook();
  const entries = states.map((state, at) => book.onReport(at, at, rule(state)));
  expect(entries.flatMap((entry) => (entry ? [entry.text] : []))).toEqual(told);
});

test("a report that was overtaken counts for nothing", () => {
  const book = createInvariantBook();
  book.onReport(10, 10, rule("holds"));
  expect(book.onReport(11, 9, rule("broken"))).toBeNull();
  expect(book.read(11).I1?.state).toBe("holds");
});

test("what nobody reports any more is not shown", () => {
  const book = createInvariantBook();
  book.onReport(0, 0, rule("holds"));
  expect(book.read(INVARIANT_SILENCE_MS)).toHaveProperty("I1");
  expect(book.read(INVARIANT_SILENCE_MS + 1)).toEqual({});
});

test("a gauge alone makes a rule, broken while it is not zero", () => {
  const book = createInvariantBook();
  expect(book.onGauge(0, 0, "stock", 3)?.text).toBe("stock is broken");
  expect(book.read(0).stock).toMatchObject({ title: "stock", state: "broken", violations: 3 });
  expect(book.onGauge(5, 5, "stock", 0)?.text).toBe("stock holds again");
});

test("a gauge beside reports says how many, and leaves the state to them", () => {
  const book = createInvariantBook();
  book.onReport(0, 0, rule("waiting"));
  expect(book.onGauge(1, 1, "I1", 7)).toBeNull();
  expect(book.read(1).I1).toMatchObject({ state: "waiting", violations: 7, reason: "2 orders" });
});

test("what is forgotten must be said anew", () => {
  const book = createInvariantBook();
  book.onReport(0, 0, rule("broken"));
  book.forget(10);
  book.onReport(11, 9, rule("broken"));
  expect(book.read(11)).toEqual({});
  book.onReport(12, 12, rule("holds"));
  expect(book.read(12).I1?.state).toBe("holds");
});

test("no more than a hundred names are kept", () => {
  const book = createInvariantBook();
  for (let i = 0; i < 200; i++) book.onReport(0, 0, rule("holds", { name: `I${i}` }));
  expect(Object.keys(book.read(0))).toHaveLength(100);
});
