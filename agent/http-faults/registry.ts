import type { HttpFaultType } from "#contract/faults.ts";
import { httpDelay } from "./http-delay.ts";
import { httpError } from "./http-error.ts";
import type { HttpFault } from "./http-fault.ts";
import { replyLost } from "./reply-lost.ts";

/** Every HTTP fault, by its public name. A type in the contract without an entry here does not compile. */
export const httpFaults: Record<HttpFaultType, HttpFault<unknown>> = {
  http_error: httpError,
  http_delay: httpDelay,
  reply_lost: replyLost,
};
