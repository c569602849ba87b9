import { z } from "zod";
import { port, readEnv } from "../kit/env.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { serveModule } from "../kit/serve.ts";
import { openLedger } from "./ledger.ts";
import { createBank } from "./module.ts";

/** The bank: a third party that nobody can fix. Its ledger is the witness for what was really charged. */
const env = readEnv({ PORT: port, DATA_DIR: z.string() });

await serveModule(createBank({ ledger: openLedger(env.DATA_DIR) }), {
  policies: createPolicies("bank"),
  port: env.PORT,
});
