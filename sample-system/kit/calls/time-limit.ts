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

/**
 * The timeout policy of an edge, also for calls that are already on their way: who switches it on while every worker
 * waits for a callee that hangs wants them back now, not in half a minute.
 */
export function asPolicySays(policies: Policies, callee: string): TimeLimit {
  return (passed) => {
    const begun = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const arm = () => {
      clearTimeout(timer);
      const { timeout } = policies.edge(callee);
      const timeoutMs = timeout?.enabled ? timeout.timeoutMs : PATIENCE_MS;
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
