import { z } from "zod";
import { port, readEnv } from "../kit/env.ts";
import { createHttpServer, listen } from "../kit/http-server.ts";
import { closeOnSignal } from "../kit/lifecycle.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { openLedger } from "./ledger.ts";
import { addRoutes } from "./routes.ts";

/** The bank: a third party that nobody can fix. Its ledger is the witness for what was really charged. */
const env = readEnv({ PORT: port, DATA_DIR: z.string() });
const policies = createPolicies("bank");
const ledger = openLedger(env.DATA_DIR);
const server = createHttpServer({ capacity: () => policies.component().capacity });

addRoutes(server, ledger);
await listen(server, "bank", env.PORT);
closeOnSignal([server, policies]);
