import { z } from "zod";
import { createHttpClient } from "../kit/calls/http-call.ts";
import { address, readEnv } from "../kit/env.ts";
import { closeOnSignal } from "../kit/lifecycle.ts";
import { log } from "../kit/log.ts";
import { namePeer } from "../kit/otel/peers.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { createArrivals } from "./arrivals.ts";
import { awaitOpening } from "./await-opening.ts";
import { createCrowd } from "./crowd.ts";
import { createJourneys } from "./journeys.ts";
import { createRandom } from "./random.ts";

/*
 * Load: customers, who come whether or not the shop is slow (open loop).
 *
 *   arrivals ─▶ crowd, at most 500 at once ─▶ a journey each ─▶ gateway
 *
 * Their calls, as client spans, are what users see.
 */
const env = readEnv({ GATEWAY_URL: address, LOAD_SEED: z.coerce.number().int().default(1) });
const policies = createPolicies("load");
const random = createRandom(env.LOAD_SEED);
const gateway = createHttpClient("gateway", env.GATEWAY_URL);
const crowd = createCrowd(createJourneys(gateway, random).next);
const arrivals = createArrivals({
  random,
  ratePerSecond: () => policies.component().load?.ratePerSecond ?? 20,
  onArrival: crowd.admit,
});
namePeer(env.GATEWAY_URL, "gateway");
closeOnSignal([arrivals, crowd, gateway, policies]);

await awaitOpening(gateway);
log(`load drives ${env.GATEWAY_URL}`);
arrivals.start();
policies.onChange(arrivals.start);
