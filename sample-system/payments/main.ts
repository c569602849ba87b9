import { createEdge } from "../kit/calls/call-edge.ts";
import { openDatabase } from "../kit/database.ts";
import { address, port, readEnv } from "../kit/env.ts";
import { createHttpServer, listen } from "../kit/http-server.ts";
import { closeOnSignal } from "../kit/lifecycle.ts";
import { createPolicies } from "../kit/policies/policies.ts";
import { addRoutes } from "./routes.ts";
import { createPaymentStore, migration } from "./store.ts";
import { takePayment } from "./take-payment.ts";

/** Payments: asks the bank, and keeps account of what it was asked and what came of it. */
const env = readEnv({ PORT: port, DATABASE_URL: address, BANK_URL: address });
const policies = createPolicies("payments");
const database = openDatabase({ url: env.DATABASE_URL, peer: "payments-db", migration });
const bank = createEdge("payments", "bank", env.BANK_URL, policies);
const server = createHttpServer({ capacity: () => policies.component().capacity, needs: [database, bank] });

addRoutes(server, (payment) => takePayment(payment, { bank, payments: createPaymentStore(database) }));
await listen(server, "payments", env.PORT);
closeOnSignal([server, bank, database, policies]);
