import type { Fault } from "#contract/faults.ts";
import type { Invariant } from "#contract/invariants.ts";
import type { Component, Edge, LogEntry, System, UserView } from "#contract/state.ts";

/** How the browser stands to the dashboard. `since` is the browser's own time, epoch ms. */
export type Connection = { state: "connecting" | "live" | "disconnected"; since: number };

/** What is there, without any number: layouts and lists depend on this alone, so they rest while numbers change. */
export type GraphShape = {
  /** `modules`: how many run inside it. */
  components: { id: string; kind: Component["kind"]; context: string | null; modules: number }[];
  edges: { id: string; caller: string; callee: string; protocol: string }[];
};

/** The picture of the running system in this browser; the fields are those of contract/state.ts. */
export type LiveState = {
  connection: Connection;
  /** null until the first snapshot, and after a gap until the next one. */
  revision: number | null;
  /** Dashboard's clock minus the browser's, ms; countdowns would lie without it. */
  clockSkewMs: number;
  system: System | null;
  user: UserView;
  components: Record<string, Component>;
  edges: Record<string, Edge>;
  faults: Record<string, Fault>;
  /** By name. */
  invariants: Record<string, Invariant>;
  /** Newest last, at most 200 (contract/state.ts, EVENT_LIMIT). */
  events: LogEntry[];
  shape: GraphShape;
};

export const initialLiveState: LiveState = {
  connection: { state: "connecting", since: 0 },
  revision: null,
  clockSkewMs: 0,
  system: null,
  user: { successRatio: null, p95Ms: null, ratePerSecond: 0 },
  components: {},
  edges: {},
  faults: {},
  invariants: {},
  events: [],
  shape: { components: [], edges: [] },
};
