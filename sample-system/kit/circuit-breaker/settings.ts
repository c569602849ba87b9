/** The libraries whose rules a breaker can follow; each has its judge in judges/. */
export type BreakerRules = "resilience4j" | "hystrix" | "polly" | "opossum";

/** What a circuit breaker goes by. Units are in the names; rates are percent of the calls in the window. */
export type BreakerSettings = {
  /** `auto` decides by itself; the others hold the switch until the mode is changed. */
  mode: "auto" | "disabled" | "forced_open" | "forced_closed";
  rules: BreakerRules;
  windowMs: number;
  /** resilience4j: the window holds the last so many calls; 0, and all others: what came in the last `windowMs`. */
  windowCalls: number;
  minimumCalls: number;
  failureRatePercent: number;
  /** resilience4j: what is slow, and how much of it trips. The others know no slow calls. */
  slowCallMs: number;
  slowRatePercent: number;
  openMs: number;
  /** resilience4j: how many calls may pass when half-open. With the others it is one. */
  permittedProbes: number;
};
