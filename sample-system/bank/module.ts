import type { Module } from "../kit/module.ts";
import { createAccount } from "./account.ts";
import type { Ledger } from "./ledger.ts";
import { addRoutes, ENTRY_LIMIT } from "./routes.ts";

export function createBank({ ledger }: { ledger: Ledger }): Module {
  const account = createAccount(ledger);
  return {
    name: "bank",
    addRoutes: (server) => addRoutes(server, { account, ledger }),
    needs: [],
    audit: async ({ since }) => ({ now: Date.now(), entries: ledger.since(since, ENTRY_LIMIT) }),
    reset: async () => ledger.clear(),
    parts: [],
  };
}
