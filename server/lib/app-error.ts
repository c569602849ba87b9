import type { ErrorCode, Refusal } from "#contract/errors.ts";

/** The one error that carries a code and a sentence for the person in front of the screen. Made at the edges only. */
export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "AppError";
    this.code = code;
  }
}

/** Whatever was thrown, as an AppError; what nobody foresaw becomes `internal`. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError("internal", thrown instanceof Error ? thrown.message : String(thrown), thrown);
}

export function toRefusal(error: AppError): Refusal {
  return { ok: false, code: error.code, message: error.message };
}
