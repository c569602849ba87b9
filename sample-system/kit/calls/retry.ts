import { trace } from "@opentelemetry/api";
import { ExponentialBackoff, fullJitterGenerator, handleWhen, retry } from "cockatiel";
import type { Policies } from "../policies/policies.ts";
import { CallError, type CallFailure } from "./call-error.ts";
import { createRetryBudget } from "./retry-budget.ts";
import { callerWaitsMs } from "./time-limit.ts";

/** The failures that may pass by themselves. What we refused ourselves, or nobody waits for, is not tried again. */
const passing = new Set<CallFailure>(["timed_out", "unreachable", "failed"]);
const MAX_PAUSE_MS = 30_000;

/**
 * Tries a call again as the retry policy of the edge says at that moment, within its budget and our caller's patience.
 * `once` is told which attempt it is, from 1; undefined while the policy is off.
 */
export type Retry = <T>(once: (attempt: number | undefined) => Promise<T>, signal?: AbortSignal) => Promise<T>;

export function createRetry(policies: Policies, callee: string): Retry {
  const budget = createRetryBudget();

  function isWorthIt(error: unknown, attempt: number, signal: AbortSignal | undefined): boolean {
    const policy = policies.edge(callee).retry;
    if (!policy?.enabled || attempt >= policy.maxAttempts) return false;
    if (!(error instanceof CallError) || !passing.has(error.failure)) return false;
    if (signal?.aborted || callerWaitsMs(policies) === 0) return false;
    const granted = budget.spend(policy.budgetPercent);
    trace.getActiveSpan()?.addEvent(granted ? "retry" : "retry not in budget", {
      "peer.service": callee,
      "retry.attempt": attempt + 1,
      "error.type": error.failure,
    });
    return granted;
  }

  return async (once, signal) => {
    budget.called();
    const policy = policies.edge(callee).retry;
    if (!policy?.enabled) return once(undefined);
    let attempt = 0;
    const backoff = new ExponentialBackoff({
      generator: fullJitterGenerator,
      initialDelay: policy.backoffMs,
      maxDelay: MAX_PAUSE_MS,
    });
    // Asked after each failure, so the policy and the budget decide, not the number handed to the library.
    const whenWorthIt = handleWhen((error) => isWorthIt(error, attempt, signal));
    return retry(whenWorthIt, { maxAttempts: policy.maxAttempts, backoff }).execute(() => once(++attempt), signal);
  };
}
