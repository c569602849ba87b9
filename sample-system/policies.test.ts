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
    [presets[name]?.edges, presets[name]?.components].map((targets) =>
      Object.entries(targets ?? {}).map(([target, policies]) => [target, Object.keys(policies)]),
    );
  expect(shape("naive")).toEqual(shape("hardened"));
});

test("naive protects nothing: the door asks for a token, the cache is filled, and that is all", () => {
  const keptOn = new Set(["authentication", "cacheAside", "retry"]);
  const all = [...Object.values(presets.naive?.edges ?? {}), ...Object.values(presets.naive?.components ?? {})];
  for (const policies of all) {
    for (const [name, policy] of Object.entries(policies)) {
      if (name === "circuitBreaker") expect(policy).toMatchObject({ mode: "disabled" });
      else if (typeof policy === "object" && "enabled" in policy && !keptOn.has(name)) {
        expect([name, policy.enabled]).toEqual([name, false]);
      }
    }
  }
});

test("naive retries in three layers without a budget, hardened on the edges to bank and catalog within one", () => {
  const retries = (preset: string) =>
    Object.entries(presets[preset]?.edges ?? {})
      .filter(([, { retry }]) => retry?.enabled)
      .map(([edge, { retry }]) => `${edge} ${retry?.maxAttempts}× ${retry?.budgetPercent} %`);
  expect(retries("naive")).toEqual([
    "gateway->ordering 3× 100 %",
    "ordering->payments 3× 100 %",
    "payments->bank 3× 100 %",
  ]);
  expect(retries("hardened")).toEqual(["gateway->catalog 2× 10 %", "payments->bank 2× 10 %"]);
});

test("hardened gives up from the inside outwards: two tries at the bank fit into what ordering waits for payments", () => {
  const timeoutMs = (edge: string) => presets.hardened?.edges[edge]?.timeout?.timeoutMs ?? 0;
  expect(timeoutMs("payments->bank") * 2).toBeLessThan(timeoutMs("ordering->payments"));
  expect(timeoutMs("catalog->cache")).toBeLessThan(timeoutMs("gateway->catalog"));
});
