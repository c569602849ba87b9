import type { ErrorCode } from "#contract/errors.ts";

/** A refusal, answered as { code, message } with the code's status. The message is a sentence that says what to do. */
export class AgentError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = "AgentError";
    this.code = code;
  }
}
