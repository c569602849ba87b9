/**
 * The closed list of refusals. Every command, HTTP answer and agent answer that is not a success carries one of these
 * codes and a sentence that says what to do. `status` is the HTTP status that the code travels with.
 */
export const errorStatus = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  too_many: 429,
  unsupported: 422,
  unavailable: 503,
  timed_out: 504,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** The answer to a command, on the socket and over HTTP alike. */
export type Refusal = { ok: false; code: ErrorCode; message: string };
