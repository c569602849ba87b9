import { STATUS_CODES } from "node:http";
import type { z } from "zod";
import { httpFaultAttributes } from "#contract/faults.ts";
import type { Fate, HttpFault } from "./http-fault.ts";

/* The request is read and answered with `status` in the callee's place; the callee is never called. */

// Settings

const settings = httpFaultAttributes.http_error;
type Settings = z.infer<typeof settings>;

// Transform

function toFate({ status }: Settings): Fate {
  const error = `${status} ${STATUS_CODES[status] ?? "Error"}, injected by a fault`;
  return { isKept: true, reply: { status, contentType: "application/json", body: JSON.stringify({ error }) } };
}

// Register

export const httpError: HttpFault<Settings> = { acts: "on_request", type: "http_error", settings, toFate };
