import type { z } from "zod";
import { toxicAttributes } from "#contract/faults.ts";
import { createPreciseTimer } from "./precise-timer.ts";
import type { LinkToxic, Outlet, Stage } from "./toxic.ts";

/* Every chunk passes `latency` ± `jitter` ms after it arrived, in order; the end of the stream too. */

// Settings

const settings = toxicAttributes.latency;
type Settings = z.infer<typeof settings>;

// Transform

/** What a held chunk costs beside its bytes, so that many tiny ones are bounded too. */
const CHUNK_OVERHEAD_BYTES = 256;
/** `chunk` null is the end of the stream; `roll`, −1 to 1, is its share of the jitter. */
type Held = { chunk: Buffer | null; arrivedAt: number; roll: number };

export function toDelayMs({ latency, jitter }: Settings, roll: number): number {
  return Math.max(0, latency + roll * jitter);
}

function createStage(first: Settings, outlet: Outlet, random: () => number): Stage<Settings> {
  let now = first;
  let heldBytes = 0;
  const held: Held[] = [];
  const timer = createPreciseTimer(passDue);

  function hold(chunk: Buffer | null): void {
    heldBytes += (chunk?.length ?? 0) + CHUNK_OVERHEAD_BYTES;
    held.push({ chunk, arrivedAt: performance.now(), roll: random() * 2 - 1 });
    if (held.length === 1) passDue();
  }
  function pass({ chunk }: Held): void {
    held.shift();
    heldBytes -= (chunk?.length ?? 0) + CHUNK_OVERHEAD_BYTES;
    if (chunk) outlet.write(chunk);
    else outlet.end();
  }
  function passDue(): void {
    for (let head = held[0]; head; head = held[0]) {
      const dueAt = head.arrivedAt + toDelayMs(now, head.roll);
      if (dueAt > performance.now()) {
        timer.arm(dueAt);
        return;
      }
      pass(head);
    }
  }
  return {
    get heldBytes() {
      return heldBytes;
    },
    write: hold,
    end: () => hold(null),
    change(settings) {
      now = settings;
      timer.cancel();
      passDue();
    },
    release() {
      timer.cancel();
      for (let head = held[0]; head; head = held[0]) pass(head);
    },
    stop() {
      timer.cancel();
      held.length = 0;
      heldBytes = 0;
    },
  };
}

// Register

export const latency: LinkToxic<Settings> = { acts: "on_link", type: "latency", settings, createStage };
