import { setTimeout as wait } from "node:timers/promises";
import type { AgentClient } from "../system/agent-client.ts";
import type { InterposedSystem } from "../system/model.ts";
import type { Runtime } from "../system/runtime.ts";
import type { Topology } from "../topology/topology-port.ts";
import type { Faults } from "./faults.ts";
import type { Policies } from "./policies.ts";

/*
 * Keeps an agent running and furnished.
 *
 *   start ─▶ connect ─▶ listeners ─▶ policies          exit ─▶ start again, and then the faults whose leases still run
 */
/** Without a dashboard for so long, the agent ends processes that nobody else would end. */
const ORPHANS_AFTER_MS = 10 * 60_000;
/** Starts come in bursts; the agent is told once. */
const ORPHANS_WAIT_MS = 300;
const RETRY_MS = { first: 250, max: 5_000 } as const;

export type AgentKeeperParts = {
  agent: AgentClient;
  runtime(): Runtime;
  system(): InterposedSystem;
  faults: Pick<Faults, "onAgentLost" | "restore">;
  policies: Pick<Policies, "resend" | "warnings">;
  topology: Pick<Topology, "setSystem" | "log">;
  stopping: AbortSignal;
};

export function createAgentKeeper({ agent, runtime, system, faults, policies, topology, stopping }: AgentKeeperParts) {
  let orphansTimer: NodeJS.Timeout | undefined;
  let restoring = false;
  let exits = 0;

  /** Only where the system is made of this machine's processes; containers are found again by their labels. */
  const tellOrphans = async (): Promise<void> => {
    if (runtime().kind !== "process") return;
    // Also when there are none yet: then it is the agent itself that must not be left.
    await agent.setOrphans({ afterMs: ORPHANS_AFTER_MS, processes: runtime().orphans() });
  };

  /** Resolves when a component may call through it. */
  const start = async (): Promise<void> => {
    const { controlUrl } = await runtime().startAgent();
    stopping.throwIfAborted();
    agent.open(controlUrl);
    await tellOrphans();
    const { edges, warnings } = system();
    const answer = await agent.putEdges(
      edges.map(({ id, listen, upstream, protocol }) => ({ id, listen, upstream, protocol })),
    );
    const refused = answer.edges.flatMap(({ id, error }) =>
      error ? [`The agent cannot listen for ${id}: ${error}.`] : [],
    );
    await policies.resend();
    topology.setSystem({ warnings: [...warnings, ...policies.warnings(), ...refused] });
  };

  return {
    start,

    /** The agent ended without being asked. Tries until it is back. */
    async onExit(): Promise<void> {
      exits += 1;
      topology.setSystem({ agent: "down" });
      faults.onAgentLost();
      if (restoring) return;
      restoring = true;
      topology.log({ kind: "agent", severity: "bad", text: "the agent ended; it is started again" });
      let waitMs: number = RETRY_MS.first;
      for (let seen = -1; seen !== exits && !stopping.aborted; ) {
        seen = exits;
        try {
          await start();
          await faults.restore();
        } catch {
          seen = -1;
          await wait(waitMs, undefined, { signal: stopping }).catch(() => {});
          waitMs = Math.min(waitMs * 2, RETRY_MS.max);
        }
      }
      restoring = false;
      if (stopping.aborted) return;
      topology.log({ kind: "agent", severity: "good", text: "the agent is back, with its listeners and faults" });
    },

    /** There may be new processes, of which the agent must know in case nobody else ends them. */
    onStarted(): void {
      clearTimeout(orphansTimer);
      // A failure is made good with the next start, or when the agent is back.
      orphansTimer = setTimeout(() => void tellOrphans().catch(() => {}), ORPHANS_WAIT_MS);
    },

    close(): void {
      clearTimeout(orphansTimer);
      agent.close();
    },
  };
}
