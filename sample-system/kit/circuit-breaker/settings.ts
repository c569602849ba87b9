/** What a circuit breaker goes by. Units are in the names; rates are percent of the completed calls in the window. */
export type BreakerSettings = {
  /** `auto` decides by itself; the others hold the switch until the mode is changed. */
  mode: "auto" | "disabled" | "forced_open" | "forced_closed";
  windowMs: number;
  minimumCalls: number;
  failureRatePercent: number;
  slowCallMs: number;
  slowRatePercent: number;
  openMs: number;
  permittedProbes: number;
};
