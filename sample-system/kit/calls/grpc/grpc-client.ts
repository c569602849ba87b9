import { type ChannelOptions, Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { context, propagation, SpanKind } from "@opentelemetry/api";
import { namePeer } from "../../otel/peers.ts";
import { withCallSpan } from "../call-span.ts";
import { untilLimit } from "../until-limit.ts";
import type { GrpcTransport } from "./grpc-edge.ts";
import { type GrpcService, toMethod, toRpcAttributes } from "./service.ts";
import { toCallFailure } from "./status.ts";
import { metadataSetter } from "./trace-metadata.ts";

/** One connection, which comes back by itself within 2 s. Retries are the guard's business, and proxies nobody's. */
const options: ChannelOptions = {
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
  "grpc.dns_min_time_between_resolutions_ms": 1_000,
  "grpc.service_config_disable_resolution": 1,
  "grpc.enable_retries": 0,
  "grpc.enable_http_proxy": 0,
  "grpc.max_receive_message_length": 1_000_000,
};
const READY_TIMEOUT_MS = 1_000;

/** Carries calls over HTTP/2, each with a client span and the trace context in its metadata. `url` is grpc://host:port. */
export function createGrpcClient(callee: string, url: string, service: GrpcService): GrpcTransport {
  const { hostname, port } = new URL(url);
  const client = new Client(`${hostname}:${port}`, credentials.createInsecure(), options);
  namePeer(url, callee);

  return {
    request(method, message, { limit, allowedMs, signal, retryAttempt }) {
      const { path, requestSerialize, responseDeserialize } = toMethod(service, method);
      const attributes = {
        ...toRpcAttributes(service, method),
        "peer.service": callee,
        "server.address": hostname,
        "server.port": Number(port),
        ...(retryAttempt && { "retry.attempt": retryAttempt }),
      };
      return withCallSpan(`${service.name}/${method}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
        const metadata = new Metadata();
        propagation.inject(context.active(), metadata, metadataSetter);
        const { promise, resolve, reject } = Promise.withResolvers<unknown>();
        const onEnd = (error: ServiceError | null, reply?: unknown) => {
          span.setAttribute("rpc.grpc.status_code", error?.code ?? status.OK);
          // The deadline on the wire and our own clock run out at the same moment; either may be first.
          if (error) reject(toCallFailure(callee, error, allowedMs));
          else resolve(reply);
        };
        const deadline = allowedMs === undefined ? {} : { deadline: Date.now() + allowedMs };
        const call = client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          message,
          metadata,
          deadline,
          onEnd,
        );
        return untilLimit(callee, promise, { limit, signal, abandon: () => call.cancel() });
      });
    },
    waitingFor: () =>
      new Promise((resolve) =>
        client.waitForReady(Date.now() + READY_TIMEOUT_MS, (error) => resolve(error ? callee : null)),
      ),
    close: () => client.close(),
  };
}
