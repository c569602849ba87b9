import { type Counts, noCalls } from "../window.ts";
import type { Ending, Verdict } from "./judge.ts";

/** One call per ended call, slow ones not told apart; a cancelled one is no call. */
export function countEnded({ how }: Ending): Counts {
  return how === "cancelled" ? noCalls : { calls: 1, failures: how === "failed" ? 1 : 0, slow: 0 };
}

/** The first answer while half-open decides: good closes, bad opens again for the whole time. */
export function judgeSingleProbe(good: boolean, cancelled: boolean): Verdict {
  const what = cancelled ? "the probe was cancelled" : good ? "the probe succeeded" : "the probe failed";
  return { to: good ? "closed" : "open", why: what };
}
