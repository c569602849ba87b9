import type { Snapshot } from "#contract/state.ts";

/** The steady state: the share of users' calls that succeed. */
export const STEADY_SUCCESS_RATIO = 0.99;

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

/** What keeps the system from being as it began: breakers that are not closed, and rules that do not hold or are not told any more. */
export function findStaleness({ edges, invariants }: Snapshot, rules: string[]): string[] {
  const stale: string[] = [];
  for (const { id, breaker } of Object.values(edges)) {
    const isOpen = breaker && breaker.state !== "closed" && breaker.state !== "disabled";
    if (isOpen) stale.push(`the breaker on ${id.replace("->", "→")} is ${breaker.state.replace("_", " ")}`);
  }
  for (const name of rules) if (!invariants[name]) stale.push(`${name} has not been reported since`);
  for (const { name, state, reason } of Object.values(invariants)) {
    if (state !== "holds") stale.push(`${name} does not hold${reason ? ` (${reason})` : ""}`);
  }
  return stale;
}
