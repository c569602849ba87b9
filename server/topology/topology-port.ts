import type { EdgeStats } from "#contract/agent-api.ts";
import type { Breaker } from "#contract/breaker.ts";
import type { Fault } from "#contract/faults.ts";
import type { PolicyFile, PolicyPreset } from "#contract/policies.ts";
import type { Delta, LogEntry, Snapshot, System } from "#contract/state.ts";
import type { InterposedSystem } from "../system/model.ts";
import type { RuntimeEvent } from "../system/runtime.ts";
import type { GaugePoint } from "../telemetry/gauge-point.ts";
import type { InvariantReport } from "../telemetry/invariant-report.ts";
import type { StoredSpan } from "../telemetry/span.ts";

/*
 * The picture, joined from three feeds and the control plane's own knowledge:
 *
 *   runtime events ─┐                       ┌─▶ snapshot()   whole
 *   edge stats ─────┼─▶ components, edges ──┤
 *   telemetry ──────┘   + faults, policies  └─▶ takeDelta()  what changed since it was last taken
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
  onInvariant(report: InvariantReport): void;
  /** Only what is known by its name is taken. */
  onGauges(points: GaugePoint[]): void;
  /** What was said of them until now counts no longer. */
  forgetInvariants(): void;
  setFaults(faults: Fault[]): void;
  /** `notes`: what else is to be said of them; as before where it is left out. */
  setPolicies(policies: PolicyPreset, notes?: PolicyNotes): void;
  setSystem(patch: Partial<System>): void;
  /** Adds to the event list. Changes of components, breakers and invariants add themselves. */
  log(entry: Omit<LogEntry, "id" | "at">): void;
  snapshot(): Snapshot;
  takeDelta(): Delta | null;
};

/** `warnings`: what contradicts the policies around, by edge. `obeys`: fault flags by component. */
export type PolicyNotes = { warnings: Record<string, string[]>; obeys: PolicyFile["faults"] };
