import { expect, test } from "vitest";
import { createFixedPolicies } from "../kit/testing/fixed-policies.ts";
import { readRate } from "./rate.ts";

const burst = (attributes: Record<string, unknown>) => [{ id: "f1", type: "load_burst", attributes, rate: 1 }];

test("as the policy says, 20 a second where it says nothing, and 0 is 0", () => {
  const policies = createFixedPolicies({});
  expect(readRate(policies)).toBe(20);
  policies.setComponent({ load: { ratePerSecond: 0 } });
  expect(readRate(policies)).toBe(0);
});

test("a burst multiplies it for as long as it holds", () => {
  const policies = createFixedPolicies({}, { load: { ratePerSecond: 30 } });
  policies.setFaults(burst({ factor: 4 }));
  expect(readRate(policies)).toBe(120);
  policies.setFaults([]);
  expect(readRate(policies)).toBe(30);
});

test("a burst that makes no sense, and another's flag, change nothing", () => {
  const policies = createFixedPolicies({}, { load: { ratePerSecond: 30 } });
  policies.setFaults(burst({ factor: "many" }));
  expect(readRate(policies)).toBe(30);
  policies.setFaults([{ id: "f1", type: "consumer_paused", attributes: { factor: 4 }, rate: 1 }]);
  expect(readRate(policies)).toBe(30);
});
