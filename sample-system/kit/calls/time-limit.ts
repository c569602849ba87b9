import { timeLeftMs } from "../deadline.ts";
import { isOn } from "../policies/is-on.ts";
import type { Policies } from "../policies/policies.ts";

/** Starts the clock of one call; `passed` is told once, with the limit in ms, when the time is over. Returns what stops it. */
export type TimeLimit = (passed: (timeoutMs: number) => void) => () => void;

export function after(timeoutMs: number): TimeLimit {
  return (passed) => {
    const timer = setTimeout(() => passed(timeoutMs), timeoutMs);
    return () => clearTimeout(timer);
  };
}

/** Without a timeout policy a call is given up when its connection would be declared dead anyway. */
const PATIENCE_MS = 30_000;

/** What our own caller leaves us, in ms; undefined when it does not say, or when the policy `deadlines` is off. */
export function callerWaitsMs(policies: Policies): number | undefined {
  return isOn(policies, "deadlines") ? timeLeftMs() : undefined;
}

/** How long a call that begins now may take, to be passed on as its deadline; undefined when nothing limits it. */
export function allowedMs(policies: Policies, callee: string): number | undefined {
  const { timeout } = policies.edge(callee);
  const limits = [timeout?.enabled ? timeout.timeoutMs : undefined, callerWaitsMs(policies)];
  const known = limits.filter((limit) => limit !== undefined);
  return known.length === 0 ? undefined : Math.floor(Math.min(...known));
}

/**
 * The timeout policy of an edge, or what our caller leaves us if that is less, also for calls that are already on their
 * way: who switches it on while every worker waits for a callee that hangs wants them back now, not in half a minute.
 */
export function asPolicySays(policies: Policies, callee: string): TimeLimit {
  return (passed) => {
    const begun = performance.now();
    const leftMs = callerWaitsMs(policies) ?? Number.POSITIVE_INFINITY;
    let timer: NodeJS.Timeout | undefined;
    const arm = () => {
      clearTimeout(timer);
      const { timeout } = policies.edge(callee);
      const timeoutMs = Math.floor(Math.min(timeout?.enabled ? timeout.timeoutMs : PATIENCE_MS, leftMs));
      timer = setTimeout(() => passed(timeoutMs), Math.max(0, begun + timeoutMs - performance.now()));
    };
    arm();
    const stopObeying = policies.onChange(arm);
    return () => {
      clearTimeout(timer);
      stopObeying();
    };
  };
}
