/**
 * Why a call to another service gave no usable answer.
 * refused: by our circuit breaker · rejected: by our bulkhead · timed_out: we gave up waiting · unreachable: no connection,
 * or it broke · failed: answered with 5xx · cancelled: our own caller gave up.
 */
export type CallFailure = "refused" | "rejected" | "timed_out" | "unreachable" | "failed" | "cancelled";

export class CallError extends Error {
  override name = "CallError";
  readonly callee: string;
  readonly failure: CallFailure;
  /** With timed_out: the limit that had passed. */
  readonly timeoutMs: number | undefined;

  constructor(callee: string, failure: CallFailure, message: string, options?: ErrorOptions & { timeoutMs?: number }) {
    super(message, options);
    this.callee = callee;
    this.failure = failure;
    this.timeoutMs = options?.timeoutMs;
  }
}
