/** Poisson arrivals: the pauses between them are exponentially distributed, so they come in bursts, as people do. */
export type Arrivals = {
  /** After a change of the rate, so that a low rate's long pause does not delay a higher one. */
  reschedule(): void;
  close(): void;
};

/** A generator that was stopped for longer than this does not make up for it in one burst. */
const MAX_LATE_MS = 1_000;
/** How long to wait before the rate is looked at again while it is 0. */
const IDLE_MS = 1_000;

export function createArrivals({
  random,
  ratePerSecond,
  onArrival,
}: {
  random: () => number;
  ratePerSecond: () => number;
  onArrival: () => void;
}): Arrivals {
  let timer: NodeJS.Timeout | undefined;
  let next = Date.now();

  const pauseMs = () => {
    const rate = ratePerSecond();
    return rate > 0 ? (-Math.log(1 - random()) / rate) * 1_000 : IDLE_MS;
  };
  function schedule() {
    timer = setTimeout(arrive, Math.max(0, next - Date.now()));
  }
  function arrive() {
    const now = Date.now();
    if (next < now - MAX_LATE_MS) next = now;
    while (next <= now) {
      if (ratePerSecond() > 0) onArrival();
      next += pauseMs();
    }
    schedule();
  }
  function reschedule() {
    clearTimeout(timer);
    next = Date.now() + pauseMs();
    schedule();
  }
  reschedule();
  return { reschedule, close: () => clearTimeout(timer) };
}
