/** Poisson arrivals: the pauses between them are exponentially distributed, so they come in bursts, as people do. */
export type Arrivals = {
  /** Begins; again after a change of the rate, so that a low rate's long pause does not delay a higher one. */
  start(): void;
  close(): void;
};

export type ArrivalParts = {
  random: () => number;
  /** Asked before every pause. */
  ratePerSecond: () => number;
  onArrival: () => void;
};

/** A generator that was stopped for longer than this does not make up for it in one burst. */
const MAX_LATE_MS = 1_000;

export function createArrivals({ random, ratePerSecond, onArrival }: ArrivalParts): Arrivals {
  let timer: NodeJS.Timeout | undefined;
  let next = 0;
  let closed = false;

  const pauseMs = () => (-Math.log(1 - random()) / ratePerSecond()) * 1_000;

  function schedule() {
    // At a rate of 0 nobody comes until `start` is called with a new one.
    if (!closed && ratePerSecond() > 0) timer = setTimeout(arrive, Math.max(0, next - Date.now()));
  }
  function arrive() {
    const now = Date.now();
    if (next < now - MAX_LATE_MS) next = now;
    while (next <= now) {
      onArrival();
      next += pauseMs();
    }
    schedule();
  }
  return {
    start() {
      clearTimeout(timer);
      next = Date.now() + pauseMs();
      schedule();
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
