import type { z } from "zod";
import type { HttpFaultType } from "#contract/faults.ts";

/*
 * An HTTP fault says what becomes of a request that it hits. It is rolled for each request, also on kept-alive
 * connections; gate.ts does what it says.
 */
export type Fate = {
  /** Waits so long from its arrival before it goes on, ms; asked again when the settings change. */
  waitMs?: number;
  /** Never reaches the callee. */
  isKept?: true;
  /** Instead of the callee's: a reply of our own, in a kept request's place in the order, or none for good. */
  reply?: OwnReply | "lost";
};

export type OwnReply = { status: number; contentType: string; body: string };

/** A method, not a property: the registry holds faults of all settings as HttpFault<unknown>. */
export type HttpFault<S> = {
  acts: "on_request";
  type: HttpFaultType;
  settings: z.ZodType<S>;
  /** `roll`, 0 up to 1, is this request's own and the same when it is asked again. */
  toFate(settings: S, roll: number): Fate;
};
