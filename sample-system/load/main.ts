import { z } from "zod";
import { createHttpClient } from "../kit/calls/http-call.ts";
import { address, readEnv } from "../kit/env.ts";
import { closeOnSignal } from "../kit/lifecycle.ts";
import { log } from "../kit/log.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { createArrivals } from "./arrivals.ts";
import { awaitOpening } from "./await-opening.ts";
import { createCrowd } from "./crowd.ts";
import { createCustomer, pick } from "./customer.ts";
import { createRandom } from "./random.ts";
import { readRate } from "./rate.ts";
import { createSession } from "./session.ts";

/*
 * Load: customers, who come whether or not the shop is slow (open loop).
 *
 *   arrivals ─▶ crowd, at most 500 at once ─▶ one of 20 customers, with a token of its own ─▶ gateway
 *
 * Their calls, as client spans, are what users see.
 */
const CUSTOMERS = 20;

const env = readEnv({ GATEWAY_URL: address, LOAD_SEED: z.coerce.number().int().default(1) });
const policies = createPolicies("load");
const random = createRandom(env.LOAD_SEED);
const gateway = createHttpClient("gateway", env.GATEWAY_URL);
const customers = Array.from({ length: CUSTOMERS }, (_, n) =>
  createCustomer(createSession(gateway, `customer-${n + 1}`), random),
);
const crowd = createCrowd(async (closing) => pick(customers, random)?.visit(closing));
const arrivals = createArrivals({ random, ratePerSecond: () => readRate(policies), onArrival: crowd.admit });
closeOnSignal([arrivals, crowd, gateway, policies]);

await awaitOpening(gateway);
log(`load drives ${env.GATEWAY_URL}`);
arrivals.start();
policies.onChange(() => {
  arrivals.start();
  // Closing time: nobody else comes, and nobody waits any longer.
  if (readRate(policies) === 0) crowd.sendHome();
});
