import type { z } from "zod";
import { httpFaultAttributes } from "#contract/faults.ts";
import type { Fate, HttpFault } from "./http-fault.ts";

/*
 * The callee does the work and answers; the reply is swallowed, and the callee's connection closed. The caller's stays
 * open and silent until the caller gives up, or until the fault is removed, which closes it.
 */

// Settings

const settings = httpFaultAttributes.reply_lost;
type Settings = z.infer<typeof settings>;

// Transform

function toFate(): Fate {
  return { reply: "lost" };
}

// Register

export const replyLost: HttpFault<Settings> = { acts: "on_request", type: "reply_lost", settings, toFate };
