import { address, port, readEnv } from "../kit/env.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { serveModule } from "../kit/serve.ts";
import { createAuditor } from "./module.ts";

const env = readEnv({
  PORT: port,
  CATALOG_URL: address,
  ORDERING_URL: address,
  INVENTORY_URL: address,
  PAYMENTS_URL: address,
  SHIPPING_URL: address,
  NOTIFICATIONS_URL: address,
  BANK_URL: address,
});
const auditor = createAuditor({
  catalog: env.CATALOG_URL,
  ordering: env.ORDERING_URL,
  inventory: env.INVENTORY_URL,
  payments: env.PAYMENTS_URL,
  shipping: env.SHIPPING_URL,
  notifications: env.NOTIFICATIONS_URL,
  bank: env.BANK_URL,
});
await serveModule(auditor, { policies: createPolicies("auditor"), port: env.PORT });
