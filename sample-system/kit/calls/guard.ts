import { type Attributes, trace } from "@opentelemetry/api";
import type { CircuitBreaker } from "../circuit-breaker/breaker.ts";
import { createCircuitBreaker } from "../circuit-breaker/circuit-breaker.ts";
import { type BreakerReport, reportBreaker } from "../circuit-breaker/report.ts";
import { log } from "../log.ts";
import type { Policies } from "../policies/policies.ts";
import { CallError } from "./call-error.ts";
import { createCompartment } from "./compartment.ts";
import { createRetry } from "./retry.ts";
import { asPolicySays, callerWaitsMs, type TimeLimit } from "./time-limit.ts";
import { recordUnmadeCall } from "./unmade-call.ts";

/*
 * What a caller does to protect itself on one dependency, whatever the call travels on. Each part obeys its policy as it
 * is at the moment of the call; a changed timeout also holds for the calls that are on their way.
 *
 *   run ─▶ retry ─▶ bulkhead ─▶ circuit breaker ─▶ timeout, deadline ─▶ attempt ─▶ callee
 *                      │              │                 │
 *                   rejected       refused          timed_out            failure ─▶ fallback, where the caller has one
 *
 * The breaker sits inside the bulkhead, so that a rejected call never reaches it and is not counted. Each attempt of a
 * retried call passes everything anew, and is counted.
 */
export type Guard = {
  /** What `attempt` gives. Rejects with a CallError of its own, or with what `attempt` rejects with: a failure. */
  run<T>(attempt: Attempt<T>, options?: { signal?: AbortSignal | undefined }): Promise<T>;
  /** What `ask` gives; when it fails and the fallback policy is on, what `instead` gives. */
  withFallback<T>(ask: () => Promise<T>, instead: () => T): Promise<T>;
  /** Closes the breaker, with nothing counted. */
  reset(): void;
  close(): void;
};

/** One try at the callee, given up when `limit` says so; `retryAttempt` counts from 1, undefined while retries are off. */
export type Attempt<T> = (limit: TimeLimit, retryAttempt: number | undefined) => Promise<T>;

export function createGuard(caller: string, callee: string, policies: Policies): Guard {
  const name = `${caller}->${callee}`;
  const limit = asPolicySays(policies, callee);
  const withRetries = createRetry(policies, callee);
  const inCompartment = createCompartment(policies, callee);
  let breaker: CircuitBreaker | undefined;
  let report: BreakerReport | undefined;

  function obey() {
    const { circuitBreaker } = policies.edge(callee);
    if (!circuitBreaker) return;
    if (breaker) return breaker.configure(circuitBreaker);
    breaker = createCircuitBreaker(name, circuitBreaker, ({ reason }) => {
      log(`breaker ${name} ${reason}`);
      report?.transition();
    });
    report = reportBreaker(breaker, callee);
  }
  obey();
  const stopObeying = policies.onChange(obey);

  async function passBreaker<T>(attempt: () => Promise<T>): Promise<T> {
    if (callerWaitsMs(policies) === 0) {
      throw new CallError(callee, "timed_out", `no time is left to ask ${callee}`, { timeoutMs: 0 });
    }
    const begun = performance.now();
    const permit = breaker?.acquire();
    if (permit === null) {
      throw new CallError(callee, "refused", `the breaker of ${callee} is ${breaker?.snapshot().state}`);
    }
    try {
      const answer = await attempt();
      permit?.completed({ failed: false, durationMs: performance.now() - begun });
      return answer;
    } catch (error) {
      if (error instanceof CallError && error.failure === "cancelled") permit?.cancelled();
      else permit?.completed({ failed: true, durationMs: performance.now() - begun });
      throw error;
    }
  }

  async function runOnce<T>(attempt: Attempt<T>, retryAttempt: number | undefined, signal?: AbortSignal): Promise<T> {
    const begun = performance.now();
    try {
      return await inCompartment(() => passBreaker(() => attempt(limit, retryAttempt)), signal);
    } catch (error) {
      if (error instanceof CallError) {
        const why = whyUnmade(error);
        const attempt = retryAttempt === undefined ? {} : { "retry.attempt": retryAttempt };
        if (why) recordUnmadeCall(error, begun, { ...why, ...attempt });
      }
      throw error;
    }
  }

  /** What a span says of a call that one of our policies prevented or cut off; undefined for every other failure. */
  function whyUnmade(error: CallError): Attributes | undefined {
    if (error.failure === "rejected") return { "bulkhead.rejected": true };
    if (error.failure === "refused") {
      return { "circuitbreaker.name": name, "circuitbreaker.state": breaker?.snapshot().state ?? "open" };
    }
    return error.timeoutMs === undefined ? undefined : { "timeout.duration": error.timeoutMs };
  }

  return {
    run: (attempt, { signal } = {}) => withRetries((retryAttempt) => runOnce(attempt, retryAttempt, signal), signal),
    async withFallback(ask, instead) {
      try {
        return await ask();
      } catch (error) {
        if (!policies.edge(callee).fallback?.enabled) throw error;
        trace.getActiveSpan()?.addEvent("fallback", { "peer.service": callee });
        return instead();
      }
    },
    reset: () => breaker?.reset(),
    close() {
      stopObeying();
      report?.close();
      breaker?.close();
    },
  };
}
