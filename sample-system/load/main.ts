import { z } from "zod";
import { createHttpClient } from "../kit/calls/http-call.ts";
import { address, readEnv } from "../kit/env.ts";
import { closeOnSignal } from "../kit/lifecycle.ts";
import { log } from "../kit/log.ts";
import { namePeer } from "../kit/otel/peers.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { createArrivals } from "./arrivals.ts";
import { createJourneys } from "./journeys.ts";
import { createRandom } from "./random.ts";

/*
 * Customers, who come whether or not the shop is slow (open loop): arrivals ─▶ a journey each ─▶ gateway.
 * Their calls, as client spans, are what users see.
 */
const MAX_IN_FLIGHT = 500;

const env = readEnv({ GATEWAY_URL: address, LOAD_SEED: z.coerce.number().int().default(1) });
const policies = createPolicies("load");
const random = createRandom(env.LOAD_SEED);
const gateway = createHttpClient("gateway", env.GATEWAY_URL);
const journeys = createJourneys(gateway, random);
namePeer(env.GATEWAY_URL, "gateway");

let inFlight = 0;
let turnedAway = 0;

const arrivals = createArrivals({
  random,
  ratePerSecond: () => policies.component().load?.ratePerSecond ?? 20,
  onArrival() {
    if (inFlight >= MAX_IN_FLIGHT) {
      turnedAway += 1;
      return;
    }
    inFlight += 1;
    void journeys.next().finally(() => {
      inFlight -= 1;
    });
  },
});
policies.onChange(arrivals.reschedule);

const report = setInterval(() => {
  if (turnedAway > 0) log(`${turnedAway} customers not sent: ${MAX_IN_FLIGHT} were waiting for an answer`);
  turnedAway = 0;
}, 1_000);

log(`load drives ${env.GATEWAY_URL}`);
closeOnSignal([arrivals, { close: () => clearInterval(report) }, gateway, policies]);
