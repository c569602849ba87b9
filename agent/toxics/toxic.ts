import type { z } from "zod";
import type { ToxicType } from "#contract/faults.ts";

/*
 * A toxic that acts on a link makes one stage for each connection that it hits, in one direction:
 *
 *   source socket ──write, end──▶ stage ──write, end──▶ stage ──▶ … ──▶ sink socket
 *                                   │ close, reset
 *                                   ▼
 *                              the whole connection
 *
 * Stages never copy, join or reorder: what is written is passed on, kept for later, or swallowed.
 */
export type Flow = {
  write(chunk: Buffer): void;
  /** The sender has said its last word (FIN). */
  end(): void;
};

export type Outlet = Flow & {
  /** Closes both sockets. */
  close(): void;
  /** Sends RST on both sockets. */
  reset(): void;
};

export type Stage<S> = Flow & {
  /** What it keeps for later, with its bookkeeping; the link stops reading when too much waits. */
  readonly heldBytes: number;
  /** New settings, in force at once, also for what is held. */
  change(settings: S): void;
  /** The toxic was removed: passes on all that it holds, in order. Nothing is written to it afterwards. */
  release(): void;
  /** The connection is gone: ends its timers. */
  stop(): void;
};

/** Methods, not properties: the registry holds toxics of all settings as LinkToxic<unknown>. */
export type LinkToxic<S> = {
  acts: "on_link";
  type: ToxicType;
  settings: z.ZodType<S>;
  /** `random` is seeded, and this connection's own. */
  createStage(settings: S, outlet: Outlet, random: () => number): Stage<S>;
};

/** Closes the edge's listener and its connections while it holds. */
export type ListenerToxic = {
  acts: "on_listener";
  type: ToxicType;
  settings: z.ZodType<unknown>;
};

export type Toxic = LinkToxic<unknown> | ListenerToxic;
