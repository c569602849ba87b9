import { AsyncResource } from "node:async_hooks";
import { type BulkheadPolicy, BulkheadRejectedError, bulkhead, TaskCancelledError } from "cockatiel";
import type { Policies } from "../policies/policies.ts";
import { CallError } from "./call-error.ts";

/** The bulkhead of an edge: so many calls at once, so many waiting; the next one is `rejected`. */
export type Compartment = <T>(call: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

export function createCompartment(policies: Policies, callee: string): Compartment {
  let current: { limits: string; policy: BulkheadPolicy } | undefined;

  /** A changed size takes a new compartment; the calls in the old one end there. */
  function toPolicy(): BulkheadPolicy | undefined {
    const limits = policies.edge(callee).bulkhead;
    if (!limits?.enabled) return undefined;
    const key = `${limits.maxConcurrent}/${limits.maxWaiting}`;
    if (current?.limits !== key) {
      current = { limits: key, policy: bulkhead(limits.maxConcurrent, limits.maxWaiting) };
    }
    return current.policy;
  }

  return async (call, signal) => {
    const policy = toPolicy();
    if (!policy) return call();
    try {
      // Bound, or a call that waited would go on in the trace of the call that made room for it.
      return await policy.execute(AsyncResource.bind(call), signal);
    } catch (cause) {
      if (cause instanceof TaskCancelledError) {
        throw new CallError(callee, "cancelled", `the caller of ${callee} has gone`, { cause });
      }
      if (!(cause instanceof BulkheadRejectedError)) throw cause;
      throw new CallError(callee, "rejected", `too many calls to ${callee} at once`, { cause });
    }
  };
}
