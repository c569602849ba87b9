import type { BreakerSettings } from "./settings.ts";

/** As in policies.json, made for a class: trips within seconds at a few calls a second, and shows its way back within ten. */
export const demoSettings: BreakerSettings = {
  mode: "auto",
  rules: "resilience4j",
  windowMs: 10_000,
  windowCalls: 0,
  minimumCalls: 5,
  failureRatePercent: 50,
  slowCallMs: 800,
  slowRatePercent: 60,
  openMs: 6_000,
  permittedProbes: 3,
};
