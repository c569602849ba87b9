import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { workUntil } from "../../deadline.ts";
import { log, toReason } from "../../log.ts";
import { isOn } from "../../policies/is-on.ts";
import type { Policies } from "../../policies/policies.ts";
import type { WorkerPool } from "../../worker-pool.ts";
import { type GrpcService, toRpcAttributes } from "./service.ts";
import { toStatus } from "./status.ts";
import { metadataGetter } from "./trace-metadata.ts";

/*
 * A service's second door, for gRPC. Its calls take workers of the same pool as those that come by HTTP.
 *
 *   call ─▶ server span, in the caller's trace ─▶ [ pool ] ─▶ gone or too late? ─ no ─▶ handler ─▶ reply, or a status
 */
export type GrpcHandlers = Record<string, (message: unknown) => Promise<object>>;
export type GrpcServer = {
  /** Binds 127.0.0.1 unless HOST says otherwise; 0 takes any free port. The port that it got. */
  listen(port: number): Promise<number>;
  /** Lets the calls end that have begun, for CLOSE_MS at most. */
  close(): Promise<void>;
};
export type GrpcServerParts = {
  service: GrpcService;
  /** By method name, as in the .proto file. */
  handlers: GrpcHandlers;
  /** See poolOf in http-server.ts. */
  pool: WorkerPool;
  policies?: Pick<Policies, "component">;
};

const CLOSE_MS = 1_500;

export function createGrpcServer({ service, handlers, pool, policies }: GrpcServerParts): GrpcServer {
  const server = new Server({ "grpc.max_receive_message_length": 100_000 });
  type Call = ServerUnaryCall<unknown, object>;

  async function serve(call: Call, handle: GrpcHandlers[string]): Promise<object> {
    const heeded = () => policies !== undefined && isOn(policies, "deadlines");
    const until = heeded() ? toMonotonic(call.getDeadline()) : undefined;
    const reply = await pool.run(
      async () => workUntil(until, () => handle(call.request)),
      () => !heeded() || !call.cancelled,
    );
    return reply ?? {};
  }

  function toHandler(method: string, handle: GrpcHandlers[string]) {
    return (call: Call, callback: sendUnaryData<object>) => {
      const parent = propagation.extract(ROOT_CONTEXT, call.metadata, metadataGetter);
      const span = trace
        .getTracer("corner-shop.calls")
        .startSpan(
          `${service.name}/${method}`,
          { kind: SpanKind.SERVER, attributes: toRpcAttributes(service, method) },
          parent,
        );
      const end = (code: status) => span.setAttribute("rpc.grpc.status_code", code).end();
      context
        .with(trace.setSpan(parent, span), () => serve(call, handle))
        .then(
          (reply) => {
            if (call.cancelled) span.setAttribute("error.type", "cancelled").setStatus({ code: SpanStatusCode.ERROR });
            end(call.cancelled ? status.CANCELLED : status.OK);
            callback(null, reply);
          },
          (error: unknown) => {
            const code = toStatus(error);
            const details = toReason(error);
            if (code === status.INTERNAL) log(`grpc ${method}: ${details}`);
            span.setAttribute("error.type", status[code]).setStatus({ code: SpanStatusCode.ERROR, message: details });
            end(code);
            callback({ code, details });
          },
        );
    };
  }

  const implementation = Object.entries(handlers).map(([method, handle]) => [method, toHandler(method, handle)]);
  server.addService(service.definition, Object.fromEntries(implementation));

  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        const address = `${process.env.HOST ?? "127.0.0.1"}:${port}`;
        server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
          if (error) return reject(error);
          log(`${service.name} listens on ${bound} (gRPC)`);
          resolve(bound);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.forceShutdown(), CLOSE_MS);
        server.tryShutdown(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

/** gRPC tells deadlines in epoch time, Infinity when there is none. */
function toMonotonic(deadline: Date | number): number | undefined {
  const at = Number(deadline);
  return Number.isFinite(at) ? performance.now() + at - Date.now() : undefined;
}
