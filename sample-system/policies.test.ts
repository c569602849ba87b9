import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { policyFile } from "./kit/policies/schema.ts";

const { default: chosen, presets } = policyFile.parse(
  JSON.parse(readFileSync(new URL("policies.json", import.meta.url), "utf8")),
);

test("the presets are naive and hardened, and hardened holds by default", () => {
  expect([chosen, Object.keys(presets).sort()]).toEqual(["hardened", ["hardened", "naive"]]);
});

test("both presets name the same policies, so that a switch changes values only", () => {
  const shape = (name: string) =>
    Object.entries(presets[name]?.edges ?? {}).map(([edge, policies]) => [edge, Object.keys(policies)]);
  expect(shape("naive")).toEqual(shape("hardened"));
  expect(presets.naive?.components).toEqual(presets.hardened?.components);
});

test("naive protects nothing", () => {
  for (const policies of Object.values(presets.naive?.edges ?? {})) {
    const { timeout, circuitBreaker, bulkhead, fallback } = policies;
    expect([timeout?.enabled, bulkhead?.enabled ?? false, fallback?.enabled ?? false]).toEqual([false, false, false]);
    expect(circuitBreaker?.mode ?? "disabled").toBe("disabled");
  }
});

test("hardened gives up from the inside outwards: every timeout is shorter than those around it", () => {
  const timeoutMs = (edge: string) => presets.hardened?.edges[edge]?.timeout?.timeoutMs ?? 0;
  expect(timeoutMs("payments->bank")).toBeLessThan(timeoutMs("ordering->payments"));
  const inOrdering = ["catalog", "inventory", "payments"].map((callee) => timeoutMs(`ordering->${callee}`));
  expect(inOrdering.reduce((sum, ms) => sum + ms)).toBeLessThan(timeoutMs("gateway->ordering"));
});
