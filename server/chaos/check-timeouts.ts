import type { EdgePolicies, PolicyPreset } from "#contract/policies.ts";
import type { EdgeModel } from "../system/model.ts";
import { toSeconds } from "./describe-fault.ts";

/*
 * Who waits inside must wait for less than who waits outside, or the answer comes for nobody. Pure:
 *
 *   gateway ──1 s──▶ ordering ──2 × 600 ms──▶ payments     the second waits longer than the first
 *
 * Along every path of calls the shortest patience outside is held against each wait inside, retries included. What is
 * sent through a broker is waited for by nobody, and who runs a saga answers before its calls. Of a caller that knows no
 * timeout nothing is said.
 */
type Call = Pick<EdgeModel, "id" | "caller" | "callee">;
/** How long those around wait at most, and on which edge. */
type Patience = { ms: number; edge: Call };

/** A sentence for each edge whose wait is not shorter than those around it. `edges`: those of synchronous calls. */
export function checkTimeouts(edges: Call[], policies: PolicyPreset): Record<string, string[]> {
  const patience = toPatience(edges, policies);
  const warnings: Record<string, string[]> = {};
  for (const { id, caller } of edges) {
    const { timeout, retry } = policies.edges[id] ?? {};
    const outer = outerOf(caller, patience, policies);
    // In a circle the shortest wait around may be its own.
    if (!timeout || !outer || outer.edge.id === id) continue;
    const attempts = retry?.enabled ? retry.maxAttempts : 1;
    const waitMs = timeout.enabled ? timeout.timeoutMs * attempts : Number.POSITIVE_INFINITY;
    if (waitMs < outer.ms) continue;
    const gaveUp = `${outer.edge.caller}→${outer.edge.callee} gives up after ${toSeconds(outer.ms)}`;
    warnings[id] = [`waits ${toWait(timeout, attempts)} for what ${gaveUp}`];
  }
  return warnings;
}

/** The shortest wait on any way to a component; none where nobody's is limited. Each round carries it one call further. */
function toPatience(edges: Call[], policies: PolicyPreset): Map<string, Patience> {
  const patience = new Map<string, Patience>();
  let changed = true;
  while (changed) {
    changed = false;
    for (const edge of edges) {
      const timeout = policies.edges[edge.id]?.timeout;
      const own = timeout?.enabled ? { ms: timeout.timeoutMs, edge } : undefined;
      for (const candidate of [own, outerOf(edge.caller, patience, policies)]) {
        const known = patience.get(edge.callee);
        if (!candidate || (known && known.ms <= candidate.ms)) continue;
        patience.set(edge.callee, candidate);
        changed = true;
      }
    }
  }
  return patience;
}

function outerOf(caller: string, patience: Map<string, Patience>, policies: PolicyPreset): Patience | undefined {
  return policies.components[caller]?.saga?.enabled ? undefined : patience.get(caller);
}

function toWait({ enabled, timeoutMs }: NonNullable<EdgePolicies["timeout"]>, attempts: number): string {
  if (!enabled) return "without limit";
  const each = toSeconds(timeoutMs);
  return attempts === 1 ? each : `${toSeconds(timeoutMs * attempts)} (${attempts} × ${each})`;
}
