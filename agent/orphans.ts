import type { z } from "zod";
import type { agentOrphans } from "#contract/agent-api.ts";
import { processStartedAt } from "./process-start.ts";
import { readProcesses, toDescendants } from "./process-tree.ts";

/** The process groups to end when no dashboard comes back, so that nothing is left running for ever. */
export type Orphans = {
  set(orphans: z.infer<typeof agentOrphans>): void;
  heartbeat(): void;
  close(): void;
};

/** `onEnded` is called once they have been killed; the agent ends itself there. */
export function createOrphans(onEnded: () => void): Orphans {
  let orphans: z.infer<typeof agentOrphans> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function arm(): void {
    clearTimeout(timer);
    if (!orphans) return;
    const { processes, afterMs } = orphans;
    timer = setTimeout(() => {
      for (const { pid, startedAt } of processes) if (processStartedAt(pid) === startedAt) killTree(pid);
      onEnded();
    }, afterMs);
  }
  return {
    set(wanted) {
      orphans = wanted;
      arm();
    },
    heartbeat: arm,
    close: () => clearTimeout(timer),
  };
}

/** SIGKILL for the group and for every descendant, which may have groups of their own. */
function killTree(pid: number): void {
  const descendants = toDescendants(pid, readProcesses());
  for (const target of [-pid, pid, ...descendants]) {
    try {
      process.kill(target, "SIGKILL");
    } catch {
      // It leads no group, or has ended by itself.
    }
  }
}
