import { setTimeout as wait } from "node:timers/promises";
import type { ComponentAction, ComponentState, Snapshot } from "#contract/state.ts";
import { toAppError } from "../lib/app-error.ts";
import { withDeadline } from "../lib/with-deadline.ts";
import type { Topology } from "../topology/topology-port.ts";
import type { Faults } from "./faults.ts";
import type { Policies } from "./policies.ts";
import type { Who } from "./who.ts";

/*
 * One key: every fault off, everything that is down brought back, forced breakers and load as they were; then the proof.
 * Each step has a time limit of its own and none waits for another's success, so it works while anything hangs.
 */
export const STEP_LIMIT_MS = 8_000;
/** An open breaker waits 6 s and probes, and the users' view looks 10 s back: a good end may take so long to show. */
export const PROOF_LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 200;
/** The steady state: the share of users' calls that succeed. */
export const STEADY_SUCCESS_RATIO = 0.99;

export type HealParts = {
  faults: Pick<Faults, "removeAllFromEdges" | "endOn">;
  policies: Pick<Policies, "calm">;
  act(component: string, action: ComponentAction): Promise<void>;
  /** What the runtime said last; the picture may be a moment older. */
  states(): { id: string; state: ComponentState }[];
  topology: Pick<Topology, "snapshot" | "log">;
};
export type Healing = { healed: boolean; residue: string[] };

const bringsBack: Partial<Record<ComponentState, ComponentAction>> = {
  paused: "unpause",
  stopped: "start",
  killed: "start",
  exited: "start",
};

export async function healEverything(parts: HealParts, by: Who): Promise<Healing> {
  const { faults, policies, act, topology } = parts;
  topology.log({ kind: "heal", severity: "info", text: `healing everything, asked by ${by}` });
  const failures: string[] = [];
  const step = async (name: string, work: () => Promise<void>) => {
    try {
      await withDeadline(work(), STEP_LIMIT_MS, `no answer within ${STEP_LIMIT_MS / 1_000} s`);
    } catch (error) {
      failures.push(`${name}: ${toAppError(error).message}`);
    }
  };

  const stateOf = (id: string) => parts.states().find((component) => component.id === id)?.state;
  const bringBack = async (id: string) => {
    // What is just stopping can be started once it has stopped.
    const until = Date.now() + STEP_LIMIT_MS;
    while (stateOf(id) === "stopping" && Date.now() < until) await wait(LOOK_EVERY_MS);
    const action = bringsBack[stateOf(id) ?? "running"];
    if (!action) return faults.endOn(id);
    await step(`${id} does not ${action}`, async () => {
      await act(id, action);
      faults.endOn(id);
    });
  };

  await Promise.all([
    step("the agent's faults could not be removed", () => faults.removeAllFromEdges()),
    step("breakers and load could not be restored", () => policies.calm()),
    ...parts.states().map(({ id }) => bringBack(id)),
  ]);

  // The picture is a moment older than what was just done, so even the first look comes after a wait.
  let residue: string[];
  const giveUpAt = Date.now() + PROOF_LIMIT_MS;
  do {
    await wait(LOOK_EVERY_MS);
    residue = findResidue(topology.snapshot());
  } while (residue.length > 0 && Date.now() < giveUpAt);
  // A step that failed and left nothing behind has been made good meanwhile.
  if (residue.length > 0) residue = [...failures, ...residue];
  const healed = residue.length === 0;
  topology.log(
    healed
      ? { kind: "heal", severity: "good", text: "everything is healed" }
      : { kind: "heal", severity: "bad", text: `not everything is healed: ${residue.join("; ")}` },
  );
  return { healed, residue };
}

/** What is not as it should be, one sentence each; empty when the system is whole and users are served. */
export function findResidue({ components, edges, faults, user, system }: Snapshot): string[] {
  const residue: string[] = [];
  for (const { id, state, detail } of Object.values(components)) {
    if (state !== "running") residue.push(`${id} is ${state}${detail ? ` (${detail})` : ""}`);
  }
  for (const fault of Object.values(faults)) {
    residue.push(`${fault.type} still holds on ${"edge" in fault.target ? fault.target.edge : fault.target.component}`);
  }
  for (const edge of Object.values(edges)) {
    for (const id of edge.faults) if (!faults[id]) residue.push(`the fault ${id} still holds on ${edge.id}`);
  }
  if (system.agent !== "up") residue.push(`the agent is ${system.agent}`);
  const hasUsers = Object.values(components).some(({ kind }) => kind === "client");
  if (!hasUsers || system.loadRatePerSecond === 0) return residue;
  if (user.successRatio === null) residue.push("no user has been served in the last 10 s");
  else if (user.successRatio < STEADY_SUCCESS_RATIO) {
    const percent = (user.successRatio * 100).toFixed(1);
    residue.push(`${percent} % of users' calls succeed, ${STEADY_SUCCESS_RATIO * 100} % is the steady state`);
  }
  return residue;
}
