import { log } from "../kit/log.ts";

/** Customers who wait for an answer at once; whoever comes then is not sent, counted, and told of once a second. */
const MAX_IN_FLIGHT = 500;

export type Crowd = { admit(): void; close(): void };

export function createCrowd(visit: () => Promise<void>): Crowd {
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
      void visit().finally(() => {
        inFlight -= 1;
      });
    },
    close: () => clearInterval(report),
  };
}
