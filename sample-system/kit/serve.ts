import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { createHttpServer, listen, poolOf } from "./http-server.ts";
import { closeOnSignal } from "./lifecycle.ts";
import { log } from "./log.ts";
import type { Module } from "./module.ts";
import type { Policies } from "./policies/policies.ts";
import type { WorkerPool } from "./worker-pool.ts";

const auditQuery = z.object({ since: z.coerce.number().min(0).default(0) });

/** A module in a process of its own: its routes behind the bounded pool, /audit and /reset past it, until a signal comes. */
export async function serveModule(module: Module, { policies, port }: { policies: Policies; port: number }) {
  const server = createHttpServer({ capacity: () => policies.component().capacity, needs: module.needs, policies });
  addUpkeepRoutes(server, { ...module, reset: () => resetIdle(module, poolOf(server)) });
  module.addRoutes(server);
  await listen(server, module.name, port);
  closeOnSignal([server, ...module.parts, policies]);
}

/** Whoever is still in work may wait that long for others, who are asked to reset after us. */
const IDLE_LIMIT_MS = 2_000;

/** What was begun before would write into the fresh books; who only waits is turned away. */
async function resetIdle(module: Module, pool: WorkerPool) {
  await pool.empty(IDLE_LIMIT_MS);
  await module.reset();
}

/** What is asked by those who look after the shop, not by customers. */
export function addUpkeepRoutes(server: FastifyInstance, { name, audit, reset }: Module) {
  server.get("/audit", async (request) => (await audit?.(auditQuery.parse(request.query))) ?? {});
  server.post("/reset", async () => {
    await reset();
    log(`${name} is as it was in the beginning`);
    return { reset: true };
  });
}
