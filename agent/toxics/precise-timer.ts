/** Runs `fire` at a time of `performance.now()`, never before it, and within about a millisecond after. */
export type PreciseTimer = { arm(dueAt: number): void; cancel(): void };

/**
 * Node's timers have whole milliseconds and may be up to one early. So this one looks at the clock before it fires,
 * and waits for the last part of a millisecond by yielding to the event loop.
 */
export function createPreciseTimer(fire: () => void): PreciseTimer {
  let dueAt = 0;
  let timeout: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;

  const cancel = () => {
    clearTimeout(timeout);
    clearImmediate(immediate);
  };
  const check = () => {
    const waitMs = dueAt - performance.now();
    if (waitMs <= 0) fire();
    else if (waitMs < 1) immediate = setImmediate(check);
    else timeout = setTimeout(check, waitMs);
  };
  return {
    arm(at) {
      cancel();
      dueAt = at;
      check();
    },
    cancel,
  };
}
