import { expect, test } from "vitest";
import type { EdgePolicies } from "#contract/policies.ts";
import { checkTimeouts } from "./check-timeouts.ts";

const waits = (timeoutMs: number, attempts = 1): EdgePolicies => ({
  timeout: { enabled: true, timeoutMs },
  retry: { enabled: attempts > 1, maxAttempts: attempts, backoffMs: 0, budgetPercent: 100 },
});
const forEver: EdgePolicies = { timeout: { enabled: false, timeoutMs: 1 } };

const toEdges = (ids: string[]) =>
  ids.map((id) => {
    const [caller = "", callee = ""] = id.split("->");
    return { id, caller, callee };
  });

test.each<[string, Record<string, EdgePolicies>, Record<string, string[]>]>([
  ["shorter inside", { "a->b": waits(2_000), "b->c": waits(1_000) }, {}],
  [
    "longer inside",
    { "a->b": waits(1_000), "b->c": waits(2_000) },
    { "b->c": ["waits 2 s for what a→b gives up after 1 s"] },
  ],
  [
    "as long inside",
    { "a->b": waits(1_000), "b->c": waits(1_000) },
    { "b->c": ["waits 1 s for what a→b gives up after 1 s"] },
  ],
  [
    "longer inside because it tries again",
    { "a->b": waits(1_000), "b->c": waits(400, 3) },
    { "b->c": ["waits 1.2 s (3 × 0.4 s) for what a→b gives up after 1 s"] },
  ],
  ["tries again outside, each time with patience enough", { "a->b": waits(1_000, 3), "b->c": waits(900) }, {}],
  [
    "no limit inside",
    { "a->b": waits(1_000), "b->c": forEver },
    { "b->c": ["waits without limit for what a→b gives up after 1 s"] },
  ],
  ["no limit outside", { "a->b": forEver, "b->c": waits(1_000) }, {}],
  ["a caller that knows no timeout", { "a->b": waits(1_000), "b->c": {} }, {}],
  [
    "longer two calls further in",
    { "a->b": waits(1_000), "b->c": {}, "c->d": waits(1_500) },
    { "c->d": ["waits 1.5 s for what a→b gives up after 1 s"] },
  ],
  [
    "two callers, the less patient decides",
    { "a->c": waits(3_000), "b->c": waits(1_000), "c->d": waits(2_000) },
    { "c->d": ["waits 2 s for what b→c gives up after 1 s"] },
  ],
  [
    "a circle",
    { "a->b": waits(1_000), "b->a": waits(2_000) },
    { "b->a": ["waits 2 s for what a→b gives up after 1 s"] },
  ],
])("%s", (_name, policies, warnings) => {
  const edges = toEdges(Object.keys(policies));
  expect(checkTimeouts(edges, { edges: policies, components: {} })).toEqual(warnings);
  expect(checkTimeouts(edges.reverse(), { edges: policies, components: {} })).toEqual(warnings);
});

test("who runs a saga answers before its calls, which nobody outside waits for", () => {
  const edges = { "a->b": waits(1_000), "b->c": waits(2_000), "c->d": waits(3_000) };
  const saga = (enabled: boolean) => ({ edges, components: { b: { saga: { enabled } } } });
  const flagged = (enabled: boolean) => Object.keys(checkTimeouts(toEdges(Object.keys(edges)), saga(enabled)));
  expect([flagged(false), flagged(true)]).toEqual([["b->c", "c->d"], ["c->d"]]);
});
