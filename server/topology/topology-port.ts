import type { EdgeStats } from "#contract/agent-api.ts";
import type { Breaker } from "#contract/breaker.ts";
import type { Fault } from "#contract/faults.ts";
import type { PolicyPreset } from "#contract/policies.ts";
import type { Delta, LogEntry, Snapshot, System } from "#contract/state.ts";
import type { InterposedSystem } from "../system/model.ts";
import type { RuntimeEvent } from "../system/runtime.ts";
import type { StoredSpan } from "../telemetry/span.ts";

/*
 * The picture, joined from three feeds and the control plane's own knowledge:
 *
 *   runtime events ─┐                       ┌─▶ snapshot()   whole
 *   edge stats ─────┼─▶ components, edges ──┤
 *   spans, breakers ┘   + faults, policies  └─▶ takeDelta()  what changed since it was last taken
 *
 * Inputs are cheap and synchronous; rates and percentiles are worked out when a delta is taken.
 */
export type Topology = {
  /** Every component and edge of the system appears, waiting and idle. Replaces what was there. */
  load(system: InterposedSystem): void;
  onRuntimeEvent(event: RuntimeEvent): void;
  onEdgeStats(at: number, stats: EdgeStats[]): void;
  onSpans(spans: StoredSpan[]): void;
  onBreaker(caller: string, callee: string, breaker: Breaker): void;
  setFaults(faults: Fault[]): void;
  setPolicies(policies: PolicyPreset): void;
  setSystem(patch: Partial<System>): void;
  /** Adds to the event list. Component and breaker changes add themselves. */
  log(entry: Omit<LogEntry, "id" | "at">): void;
  snapshot(): Snapshot;
  takeDelta(): Delta | null;
};
