import type { Frame } from "./frame.ts";

/** Telemetry that waits for the dashboard. Over its bound the oldest is dropped, and counted. */
export type OtlpQueue = {
  push(frame: Frame): void;
  shift(): Frame | undefined;
  readonly length: number;
  /** What was dropped since the last time it was asked; null when nothing was. */
  takeDropped(): { frames: number; bytes: number } | null;
};

const LIMIT_BYTES = 16 * 1024 * 1024;
/** What a frame costs beside its body, so that many tiny ones are bounded too. */
const FRAME_OVERHEAD_BYTES = 256;
/** The array is cut when so many of its first places are empty; a shift() of each would move all the others. */
const CUT_AT = 1_024;

export function createOtlpQueue(): OtlpQueue {
  let frames: Frame[] = [];
  let first = 0;
  let heldBytes = 0;
  let dropped = { frames: 0, bytes: 0 };

  function shift(): Frame | undefined {
    const frame = frames[first];
    if (!frame) return undefined;
    heldBytes -= toCost(frame);
    frames[first] = EMPTY;
    first++;
    if (first >= CUT_AT && first * 2 >= frames.length) {
      frames = frames.slice(first);
      first = 0;
    }
    return frame;
  }
  return {
    push(frame) {
      frames.push(frame);
      heldBytes += toCost(frame);
      while (heldBytes > LIMIT_BYTES) {
        const oldest = shift();
        dropped.frames++;
        dropped.bytes += oldest?.body.length ?? 0;
      }
    },
    shift,
    get length() {
      return frames.length - first;
    },
    takeDropped() {
      if (dropped.frames === 0) return null;
      const taken = dropped;
      dropped = { frames: 0, bytes: 0 };
      return taken;
    },
  };
}

/** Takes the place of a frame that has left, so that its bytes can go. */
const EMPTY: Frame = { head: Buffer.alloc(0), body: Buffer.alloc(0) };

function toCost(frame: Frame): number {
  return frame.body.length + FRAME_OVERHEAD_BYTES;
}
