import { z } from "zod";
import { DEADLINE_HEADER } from "../deadline.ts";
import { isOn } from "../policies/is-on.ts";
import type { Policies } from "../policies/policies.ts";
import { CallError } from "./call-error.ts";
import { createGuard, type Guard } from "./guard.ts";
import { type CallAnswer, type CallRequest, createHttpClient, type HttpClient } from "./http-call.ts";
import { after, allowedMs } from "./time-limit.ts";

/*
 * One caller → callee dependency that is asked by HTTP requests, with whatever the caller does to protect itself on it.
 *
 *   call ─▶ guard (retry, bulkhead, breaker, timeout) ─▶ headers ─▶ transport: HTTP, or the module next door ─▶ callee
 */
export type Edge = Pick<Guard, "withFallback" | "reset"> & {
  /** Every answer below 500. Rejects with a CallError. */
  call(request: CallRequest): Promise<CallAnswer>;
  /** Asks the callee's /ready, past all policies: null, or one line on what is waited for. */
  waitingFor(): Promise<string | null>;
  close(): void;
};

/** What carries a request to its callee: HTTP, or local-transport.ts within one process. */
export type Transport = HttpClient;

const READY_TIMEOUT_MS = 1_000;

/** `to` is the callee's address, or what carries requests to it. */
export function createEdge(caller: string, callee: string, to: string | Transport, policies: Policies): Edge {
  const transport = typeof to === "string" ? createHttpClient(callee, to) : to;
  const guard = createGuard(caller, callee, policies);

  function withDeadline(headers: CallRequest["headers"]): Record<string, string> {
    const leftMs = isOn(policies, "deadlines") ? allowedMs(policies, callee) : undefined;
    return { ...headers, ...(leftMs !== undefined && { [DEADLINE_HEADER]: String(leftMs) }) };
  }

  return {
    call: (request) =>
      guard.run(async (limit, retryAttempt) => {
        const headers = withDeadline(request.headers);
        const answer = await transport.request({ ...request, headers, retryAttempt }, limit);
        if (answer.status >= 500) throw new CallError(callee, "failed", `${callee} answered ${answer.status}`);
        return answer;
      }, request),
    withFallback: guard.withFallback,
    reset: guard.reset,
    waitingFor: () => askReady(transport, callee),
    close() {
      guard.close();
      transport.close();
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
