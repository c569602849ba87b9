import type { EdgeStats } from "#contract/agent-api.ts";
import type { InterposedSystem } from "../system/model.ts";

/** Since when no user has asked for anything, as the agent counts it. */
export function createUserQuiet(system: () => Pick<InterposedSystem, "edges" | "model">) {
  let askedAt = Date.now();
  return {
    onStats(stats: EdgeStats[]): void {
      const { edges, model } = system();
      const isClient = (id: string) => model.services.some((service) => service.id === id && service.client);
      const users = new Set(edges.filter(({ caller }) => isClient(caller)).map(({ id }) => id));
      const isBusy = ({ id, requests, inFlight, connections, bytesUp }: EdgeStats) =>
        users.has(id) && requests + inFlight + connections + bytesUp > 0;
      if (stats.some(isBusy)) askedAt = Date.now();
    },
    quietMs: (): number => Date.now() - askedAt,
  };
}
