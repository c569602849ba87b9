import type { EdgePolicies } from "./policies.ts";

type Settings = Omit<NonNullable<EdgePolicies["circuitBreaker"]>, "mode">;

/**
 * Breaker settings to choose from: ours for a class, and each library's defaults as its documentation gives them, so that
 * a class can see why a default of 100 calls never trips by hand-clicking. A library that knows no slow calls has them
 * slower than anything waits.
 */
export const breakerPresets = {
  demo: {
    rules: "resilience4j",
    windowMs: 10_000,
    windowCalls: 0,
    minimumCalls: 5,
    failureRatePercent: 50,
    slowCallMs: 800,
    slowRatePercent: 60,
    openMs: 6_000,
    permittedProbes: 3,
  },
  resilience4j: {
    rules: "resilience4j",
    windowMs: 100_000,
    windowCalls: 100,
    minimumCalls: 100,
    failureRatePercent: 50,
    slowCallMs: 60_000,
    slowRatePercent: 100,
    openMs: 60_000,
    permittedProbes: 10,
  },
  hystrix: {
    rules: "hystrix",
    windowMs: 10_000,
    windowCalls: 0,
    minimumCalls: 20,
    failureRatePercent: 50,
    slowCallMs: 600_000,
    slowRatePercent: 100,
    openMs: 5_000,
    permittedProbes: 1,
  },
  polly: {
    rules: "polly",
    windowMs: 30_000,
    windowCalls: 0,
    minimumCalls: 100,
    failureRatePercent: 10,
    slowCallMs: 600_000,
    slowRatePercent: 100,
    openMs: 5_000,
    permittedProbes: 1,
  },
  opossum: {
    rules: "opossum",
    windowMs: 10_000,
    windowCalls: 0,
    minimumCalls: 1,
    failureRatePercent: 50,
    slowCallMs: 600_000,
    slowRatePercent: 100,
    openMs: 30_000,
    permittedProbes: 1,
  },
} as const satisfies Record<string, Settings>;
export type BreakerPreset = keyof typeof breakerPresets;
