import type { Policies } from "../../policies/policies.ts";
import { createGuard, type Guard } from "../guard.ts";
import { allowedMs, type TimeLimit } from "../time-limit.ts";
import { createGrpcClient } from "./grpc-client.ts";
import type { GrpcService } from "./service.ts";
import { GrpcRefusal } from "./status.ts";

/*
 * One caller → callee dependency that is asked by gRPC, protected as an HTTP edge is.
 *
 *   call ─▶ guard (retry, bulkhead, breaker, timeout) ─▶ transport: HTTP/2, or the module next door ─▶ callee
 */
export type GrpcEdge = Pick<Guard, "withFallback" | "reset"> & {
  /** The reply, with the field names of the .proto file in camelCase. Rejects with a CallError, or a GrpcRefusal. */
  call(method: string, message: object, options?: { signal?: AbortSignal | undefined }): Promise<unknown>;
  /** Whether the callee can be reached, past all policies: null, or its name. */
  waitingFor(): Promise<string | null>;
  close(): void;
};

/** What carries a call to its callee: HTTP/2 (grpc-client.ts), or local-grpc.ts within one process. */
export type GrpcTransport = {
  request(method: string, message: object, call: GrpcCall): Promise<unknown>;
  waitingFor(): Promise<string | null>;
  close(): void;
};
export type GrpcCall = {
  limit: TimeLimit;
  /** What the callee is told to take at most. */
  allowedMs: number | undefined;
  signal: AbortSignal | undefined;
  retryAttempt: number | undefined;
};

/** `to` is the callee's address, grpc://host:port, or what carries calls to it. */
export function createGrpcEdge(
  caller: string,
  callee: string,
  to: string | GrpcTransport,
  policies: Policies,
  service: GrpcService,
): GrpcEdge {
  const transport = typeof to === "string" ? createGrpcClient(callee, to, service) : to;
  const guard = createGuard(caller, callee, policies);

  return {
    async call(method, message, { signal } = {}) {
      const answer = await guard.run(
        (limit, retryAttempt) => {
          const call = { limit, allowedMs: allowedMs(policies, callee), signal, retryAttempt };
          return transport.request(method, message, call).catch(refusalAsAnswer);
        },
        { signal },
      );
      if (answer instanceof GrpcRefusal) throw answer;
      return answer;
    },
    withFallback: guard.withFallback,
    reset: guard.reset,
    waitingFor: transport.waitingFor,
    close() {
      guard.close();
      transport.close();
    },
  };
}

/** To the guard a refusal is a good answer: nothing is wrong with the callee. */
function refusalAsAnswer(error: unknown): GrpcRefusal {
  if (error instanceof GrpcRefusal) return error;
  throw error;
}
