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

/** Made for a class: trips within seconds at a few calls a second, and shows its way back within ten. */
export const demoSettings: BreakerSettings = {
  mode: "auto",
  windowMs: 10_000,
  minimumCalls: 5,
  failureRatePercent: 50,
  slowCallMs: 800,
  slowRatePercent: 60,
  openMs: 6_000,
  permittedProbes: 3,
};
