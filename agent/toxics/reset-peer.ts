import type { z } from "zod";
import { toxicAttributes } from "#contract/faults.ts";
import type { LinkToxic, Outlet, Stage } from "./toxic.ts";

/* RST on both sockets `timeout` ms after the toxic took hold of the connection; nothing passes until then. */

// Settings

const settings = toxicAttributes.reset_peer;
type Settings = z.infer<typeof settings>;

// Transform

function createStage(first: Settings, outlet: Outlet): Stage<Settings> {
  const startedAt = performance.now();
  let swallowed = false;
  let timer: NodeJS.Timeout | undefined;

  function arm({ timeout }: Settings): void {
    clearTimeout(timer);
    timer = setTimeout(outlet.reset, Math.max(0, startedAt + timeout - performance.now()));
  }
  function swallow(): void {
    swallowed = true;
  }
  arm(first);
  return {
    heldBytes: 0,
    write: swallow,
    end: swallow,
    change: arm,
    release() {
      clearTimeout(timer);
      // A connection with a hole in its stream must not go on; an idle one may.
      if (swallowed) outlet.reset();
    },
    stop: () => clearTimeout(timer),
  };
}

// Register

export const resetPeer: LinkToxic<Settings> = { acts: "on_link", type: "reset_peer", settings, createStage };
