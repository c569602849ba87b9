import type { Edge } from "../kit/calls/call-edge.ts";
import type { GrpcEdge } from "../kit/calls/grpc/grpc-edge.ts";

/** Whom the gateway asks, as far as its pages need them. */
export type Services = {
  catalog: Pick<Edge, "call" | "withFallback">;
  ordering: Pick<Edge, "call" | "withFallback">;
  inventory: Pick<GrpcEdge, "call" | "withFallback">;
  shipping: Pick<Edge, "call" | "withFallback">;
};
