import { vi } from "vitest";
import type { Permit } from "../breaker.ts";
import { createCircuitBreaker } from "../circuit-breaker.ts";
import type { BreakerSettings } from "../settings.ts";

/**
 * Plays a story to a breaker that starts closed at a full second of a fake clock, and tells how it ended. A story is words:
 *   ok fail slow cancel   a call that ends so at once; "fail*3" three of them
 *   begin:a  ok:a fail:a  a call that begins, and ends later
 *   +500                  500 ms pass
 */
export function play(settings: BreakerSettings, story: string) {
  vi.useFakeTimers({ now: 1_000_000 });
  const reasons: string[] = [];
  const begun = new Map<string, Permit | null>();
  const breaker = createCircuitBreaker("caller->callee", settings, ({ reason }) => reasons.push(reason));

  function end(how: string, permit: Permit | null | undefined) {
    if (how === "cancel") permit?.cancelled();
    else permit?.completed({ failed: how === "fail", durationMs: how === "slow" ? settings.slowCallMs + 1 : 1 });
  }
  for (const word of story.split(" ")) {
    const [, what, name, times] = /^([a-z]+|\+\d+)(?::(\w+))?(?:\*(\d+))?$/.exec(word) ?? [];
    if (!what) throw new Error(`the story has a word that is none: ${word}`);
    if (what.startsWith("+")) vi.advanceTimersByTime(Number(what));
    else if (what === "begin") begun.set(String(name), breaker.acquire());
    else if (name) end(what, begun.get(name));
    else for (let n = 0; n < Number(times ?? 1); n++) end(what, breaker.acquire());
  }
  const { state, counts, refused } = breaker.snapshot();
  breaker.close();
  vi.useRealTimers();
  return { state, counts, refused, reasons, lastReason: reasons.at(-1) };
}
