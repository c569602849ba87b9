import { SpanKind } from "@opentelemetry/api";
import type { WorkerPool } from "../../worker-pool.ts";
import { withCallSpan } from "../call-span.ts";
import { untilLimit } from "../until-limit.ts";
import type { GrpcTransport } from "./grpc-edge.ts";
import type { GrpcHandlers } from "./grpc-server.ts";

/** Carries gRPC calls to a module in the same process: its handlers in its worker pool, below a span `call <module>`. */
export function createLocalGrpc(module: string, handlers: GrpcHandlers, pool: WorkerPool): GrpcTransport {
  return {
    request(method, message, { limit, signal, retryAttempt }) {
      const attributes = {
        "module.name": module,
        "rpc.method": method,
        ...(retryAttempt && { "retry.attempt": retryAttempt }),
      };
      return withCallSpan(`call ${module}`, { kind: SpanKind.INTERNAL, attributes }, () => {
        const handle = handlers[method];
        if (!handle) throw new Error(`${module} has no method ${method}`);
        return untilLimit(
          module,
          pool.run(() => handle(message)),
          { limit, signal },
        );
      });
    },
    waitingFor: async () => null,
    close() {},
  };
}
