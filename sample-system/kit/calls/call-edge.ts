import { AsyncResource } from "node:async_hooks";
import { trace } from "@opentelemetry/api";
import { type BulkheadPolicy, BulkheadRejectedError, bulkhead } from "cockatiel";
import { z } from "zod";
import { type CircuitBreaker, createCircuitBreaker } from "../circuit-breaker/circuit-breaker.ts";
import { type BreakerReport, reportBreaker } from "../circuit-breaker/report.ts";
import { log } from "../log.ts";
import { namePeer } from "../otel/peers.ts";
import type { Policies } from "../policies/policies.ts";
import { CallError } from "./call-error.ts";
import { type CallAnswer, type CallRequest, createHttpClient, type HttpClient } from "./http-call.ts";
import { after, asPolicySays } from "./time-limit.ts";
import { recordUnmadeCall } from "./unmade-call.ts";

/*
 * One caller → callee dependency, with whatever the caller does to protect itself on it. Each part obeys its policy as it
 * is at the moment of the call; a changed timeout also holds for the calls that are on their way.
 *
 *   call ─▶ bulkhead ─▶ circuit breaker ─▶ timeout ─▶ HTTP ─▶ callee
 *              │              │               │
 *           rejected       refused        timed_out          failure ─▶ fallback, where the caller has one
 *
 * The breaker sits inside the bulkhead, so that a rejected call never reaches it and is not counted.
 */
export type Edge = {
  /** Every answer below 500. Rejects with a CallError. */
  call(request: CallRequest): Promise<CallAnswer>;
  /** What `ask` gives; when it fails and the fallback policy is on, what `instead` gives. */
  withFallback<T>(ask: () => Promise<T>, instead: () => T): Promise<T>;
  /** Asks the callee's /ready, past all policies: null, or one line on what is waited for. */
  waitingFor(): Promise<string | null>;
  close(): void;
};

const READY_TIMEOUT_MS = 1_000;

export function createEdge(caller: string, callee: string, url: string, policies: Policies): Edge {
  const client = createHttpClient(callee, url);
  const limit = asPolicySays(policies, callee);
  const name = `${caller}->${callee}`;
  let breaker: CircuitBreaker | undefined;
  let report: BreakerReport | undefined;
  let compartment: { limits: string; policy: BulkheadPolicy } | undefined;
  namePeer(url, callee);

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

  /** A changed size takes a new compartment; the calls in the old one end there. */
  function toCompartment(): BulkheadPolicy | undefined {
    const limits = policies.edge(callee).bulkhead;
    if (!limits?.enabled) return undefined;
    const key = `${limits.maxConcurrent}/${limits.maxWaiting}`;
    if (compartment?.limits !== key) {
      compartment = { limits: key, policy: bulkhead(limits.maxConcurrent, limits.maxWaiting) };
    }
    return compartment.policy;
  }

  async function callGuarded(request: CallRequest): Promise<CallAnswer> {
    const begun = performance.now();
    const permit = breaker?.acquire();
    if (permit === null) {
      const state = breaker?.snapshot().state ?? "open";
      const error = new CallError(callee, "refused", `the breaker of ${callee} is ${state}`);
      recordUnmadeCall(error, begun, { "circuitbreaker.name": name, "circuitbreaker.state": state });
      throw error;
    }
    try {
      const answer = await client.request(request, limit);
      if (answer.status >= 500) throw new CallError(callee, "failed", `${callee} answered ${answer.status}`);
      permit?.completed({ failed: false, durationMs: performance.now() - begun });
      return answer;
    } catch (error) {
      if (error instanceof CallError && error.failure === "cancelled") permit?.cancelled();
      else permit?.completed({ failed: true, durationMs: performance.now() - begun });
      if (error instanceof CallError && error.timeoutMs !== undefined) {
        recordUnmadeCall(error, begun, { "timeout.duration": error.timeoutMs });
      }
      throw error;
    }
  }

  return {
    async call(request) {
      const begun = performance.now();
      const policy = toCompartment();
      if (!policy) return callGuarded(request);
      try {
        // Bound, or a call that waited would go on in the trace of the call that made room for it.
        return await policy.execute(
          AsyncResource.bind(() => callGuarded(request)),
          request.signal,
        );
      } catch (cause) {
        if (!(cause instanceof BulkheadRejectedError)) throw cause;
        const error = new CallError(callee, "rejected", `too many calls to ${callee} at once`, { cause });
        recordUnmadeCall(error, begun, { "bulkhead.rejected": true });
        throw error;
      }
    },
    async withFallback(ask, instead) {
      try {
        return await ask();
      } catch (error) {
        if (!policies.edge(callee).fallback?.enabled) throw error;
        trace.getActiveSpan()?.addEvent("fallback", { "peer.service": callee });
        return instead();
      }
    },
    waitingFor: () => askReady(client, callee),
    close() {
      stopObeying();
      report?.close();
      breaker?.close();
      client.close();
    },
  };
}

/** `/ready` of a service: null when it is, else what it waits for. */
export async function askReady(client: Pick<HttpClient, "request">, callee: string): Promise<string | null> {
  try {
    const { status, body } = await client.request({ method: "GET", path: "/ready" }, after(READY_TIMEOUT_MS));
    return status === 200 ? null : (readiness.safeParse(body).data?.waitingFor ?? callee);
  } catch {
    return callee;
  }
}

const readiness = z.object({ waitingFor: z.string() });
