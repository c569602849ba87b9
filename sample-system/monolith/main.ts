import { z } from "zod";
import { createEdge } from "../kit/calls/call-edge.ts";
import { address, port, readEnv } from "../kit/env.ts";
import { readDefaults } from "../kit/policies/defaults.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { serveModule } from "../kit/serve.ts";
import { createShop } from "./shop.ts";

/** The whole shop in one process, with one database. The bank is still somebody else's. */
const env = readEnv({ PORT: port, DATABASE_URL: address, BANK_URL: address, TOKEN_SECRET: z.string().min(16) });
const defaults = readDefaults("shop", new URL("policies.json", import.meta.url));
const policies = createPolicies("shop", process.env.POLICY_URL, defaults);
const shop = createShop({
  policies,
  databaseUrl: env.DATABASE_URL,
  bank: createEdge("shop", "bank", env.BANK_URL, policies),
  tokenSecret: env.TOKEN_SECRET,
});

await serveModule(shop, { policies, port: env.PORT });
