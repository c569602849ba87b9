import type { z } from "zod";
import { httpFaultAttributes } from "#contract/faults.ts";
import type { Fate, HttpFault } from "./http-fault.ts";

/* The request waits `latency` ± `jitter` ms before it goes on; so do those pipelined behind it, and no others. */

// Settings

const settings = httpFaultAttributes.http_delay;
type Settings = z.infer<typeof settings>;

// Transform

function toFate({ latency, jitter }: Settings, roll: number): Fate {
  return { waitMs: Math.max(0, latency + (roll * 2 - 1) * jitter) };
}

// Register

export const httpDelay: HttpFault<Settings> = { acts: "on_request", type: "http_delay", settings, toFate };
