import type { z } from "zod";
import { toxicAttributes } from "#contract/faults.ts";
import type { LinkToxic, Outlet, Stage } from "./toxic.ts";

/* Data is swallowed, and the connection closed after `timeout` ms; 0 is a black hole. Removal closes the connection. */

// Settings

const settings = toxicAttributes.timeout;
type Settings = z.infer<typeof settings>;

// Transform

function createStage(first: Settings, outlet: Outlet): Stage<Settings> {
  const startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;

  function arm({ timeout }: Settings): void {
    clearTimeout(timer);
    if (timeout > 0) timer = setTimeout(outlet.close, Math.max(0, startedAt + timeout - performance.now()));
  }
  arm(first);
  return {
    heldBytes: 0,
    write() {},
    end() {},
    change: arm,
    // What was swallowed is missing in the stream, so it must not go on.
    release: outlet.close,
    stop: () => clearTimeout(timer),
  };
}

// Register

export const timeout: LinkToxic<Settings> = { acts: "on_link", type: "timeout", settings, createStage };
