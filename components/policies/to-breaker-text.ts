import type { Breaker, BreakerState } from "#contract/breaker.ts";
import { type BreakerPreset, breakerPresets } from "#contract/breaker-presets.ts";
import type { EdgePolicies } from "#contract/policies.ts";
import { toCountdown } from "../ui/to-text.ts";

type Settings = NonNullable<EdgePolicies["circuitBreaker"]>;

export function toBreakerWord(state: BreakerState): string {
  return state === "half_open" ? "half-open" : state.replace("_", " ");
}

/** Whether the switch is drawn shut: calls pass. */
export function lets(state: BreakerState): "all" | "some" | "none" {
  if (state === "open" || state === "forced_open") return "none";
  return state === "half_open" ? "some" : "all";
}

/** What stands beside the switch in the line; empty while it is simply closed. */
export function toSwitchText(breaker: Breaker, now: number): string {
  switch (breaker.state) {
    case "closed":
      return "";
    case "open":
      return breaker.openUntil === undefined ? "open" : `half-open in ${toCountdown(breaker.openUntil - now)}`;
    case "half_open":
      return `half-open · ${breaker.probes ?? 0} of ${breaker.permittedProbes} probes`;
    default:
      return toBreakerWord(breaker.state);
  }
}

/** "14 of 20 calls failed: 70 %, opens at 50 %" – or how many calls are still missing for a verdict. */
export function toFailureText(breaker: Breaker): string {
  const { calls, failures, minimumCalls, failureRatePercent } = breaker;
  return `failures ${failures} of ${calls} calls (needs ${failureRatePercent} % of at least ${minimumCalls})`;
}

export function toSlowText(breaker: Breaker): string {
  const { calls, slow, slowCallMs, slowRatePercent } = breaker;
  return `over ${slowCallMs} ms: ${slow} of ${calls} calls (needs ${slowRatePercent} %)`;
}

/** Share in percent for the meter; 0 before the first call. */
export function toSharePercent(part: number, of: number): number {
  return of === 0 ? 0 : Math.round((part / of) * 100);
}

/** The preset whose rules and numbers these are; undefined when they are nobody's. */
export function toPresetName(policy: Settings): BreakerPreset | undefined {
  const names = Object.keys(breakerPresets) as BreakerPreset[];
  return names.find((name) =>
    Object.entries(breakerPresets[name]).every(([key, value]) => policy[key as keyof Settings] === value),
  );
}
