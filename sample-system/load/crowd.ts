import { log } from "../kit/log.ts";

/** Customers who wait for an answer at once; whoever comes then is not sent, counted, and told of once a second. */
const MAX_IN_FLIGHT = 500;

export type Crowd = {
  admit(): void;
  /** Whoever waits for an answer goes home, and does not ask again. */
  sendHome(): void;
  close(): void;
};

export function createCrowd(visit: (closing: AbortSignal) => Promise<void>): Crowd {
  let closing = new AbortController();
  let inFlight = 0;
  let turnedAway = 0;
  const report = setInterval(() => {
    if (turnedAway > 0) log(`${turnedAway} customers not sent: ${MAX_IN_FLIGHT} were waiting for an answer`);
    turnedAway = 0;
  }, 1_000);

  return {
    admit() {
      if (inFlight >= MAX_IN_FLIGHT) {
        turnedAway += 1;
        return;
      }
      inFlight += 1;
      void visit(closing.signal).finally(() => {
        inFlight -= 1;
      });
    },
    sendHome() {
      closing.abort();
      closing = new AbortController();
    },
    close: () => clearInterval(report),
  };
}
