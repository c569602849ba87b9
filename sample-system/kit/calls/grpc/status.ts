import { type ServiceError, status } from "@grpc/grpc-js";
import { z } from "zod";
import { DeadlinePassedError } from "../../deadline.ts";
import { HttpError } from "../../http-server.ts";
import { PoolFullError } from "../../worker-pool.ts";
import { CallError, type CallFailure } from "../call-error.ts";

/** The callee understood the request and refuses it: our mistake, not its failure. */
export class GrpcRefusal extends Error {
  override name = "GrpcRefusal";
  readonly code: status;

  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

const refusals = new Set<status>([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.ALREADY_EXISTS,
  status.PERMISSION_DENIED,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
  status.UNAUTHENTICATED,
]);
const failures: Partial<Record<status, CallFailure>> = {
  [status.UNAVAILABLE]: "unreachable",
  [status.CANCELLED]: "unreachable",
  [status.DEADLINE_EXCEEDED]: "timed_out",
};

/**
 * What a status means to a caller; every one that is neither a refusal nor the way's fault is a failure of the callee.
 * `allowedMs` is the deadline that the call had.
 */
export function toCallFailure(
  callee: string,
  { code, details }: ServiceError,
  allowedMs: number | undefined,
): CallError | GrpcRefusal {
  if (refusals.has(code)) return new GrpcRefusal(code, details);
  const failure = failures[code] ?? "failed";
  const timeoutMs = failure === "timed_out" ? allowedMs : undefined;
  return new CallError(
    callee,
    failure,
    `${callee}: ${status[code]} ${details}`,
    timeoutMs === undefined ? {} : { timeoutMs },
  );
}

const httpStatuses: Record<number, status> = {
  400: status.INVALID_ARGUMENT,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.NOT_FOUND,
  409: status.FAILED_PRECONDITION,
  503: status.RESOURCE_EXHAUSTED,
  504: status.DEADLINE_EXCEEDED,
};

/** What a server's failure is called on the wire, after the same rules as its HTTP door. */
export function toStatus(error: unknown): status {
  if (error instanceof GrpcRefusal) return error.code;
  if (error instanceof HttpError) return httpStatuses[error.status] ?? status.INTERNAL;
  if (error instanceof PoolFullError) return status.RESOURCE_EXHAUSTED;
  if (error instanceof DeadlinePassedError) return status.DEADLINE_EXCEEDED;
  if (error instanceof z.ZodError) return status.INVALID_ARGUMENT;
  return status.INTERNAL;
}
