import type { Delta, Snapshot } from "#contract/state.ts";
import type { GraphShape, LiveState } from "./live-state.ts";

/*
 * snapshot ─▶ fromSnapshot ─▶ state ─▶ applyDelta(delta) ─▶ state' | "gap"
 *
 * What a delta does not name keeps its identity, so that whoever subscribed to one component or edge is left alone.
 */

/** Equal to EVENT_LIMIT; not imported, because contract/state.ts would bring zod into the page. */
export const KEPT_EVENTS = 200;

type Picture = Omit<LiveState, "connection">;

export function fromSnapshot(snapshot: Snapshot, now: number, before: GraphShape): Picture {
  return {
    revision: snapshot.revision,
    clockSkewMs: snapshot.at - now,
    system: snapshot.system,
    user: snapshot.user,
    components: snapshot.components,
    edges: snapshot.edges,
    faults: snapshot.faults,
    invariants: snapshot.invariants,
    events: snapshot.events.slice(-KEPT_EVENTS),
    shape: keepShape(before, toShape(snapshot)),
  };
}

/** "gap" when the delta does not build on what we have: the caller must ask for a snapshot. */
export function applyDelta(state: LiveState, delta: Delta): Partial<LiveState> | "gap" {
  if (state.revision === null || delta.baseRevision !== state.revision) return "gap";
  const next: Partial<LiveState> = { revision: delta.revision };
  if (delta.system) next.system = delta.system;
  if (delta.user) next.user = delta.user;
  if (delta.components) next.components = patch(state.components, delta.components);
  if (delta.edges) next.edges = patch(state.edges, delta.edges);
  if (delta.faults) next.faults = patch(state.faults, delta.faults);
  if (delta.invariants) next.invariants = patch(state.invariants, delta.invariants);
  if (delta.events) next.events = [...state.events, ...delta.events].slice(-KEPT_EVENTS);
  if (next.components || next.edges) {
    next.shape = keepShape(
      state.shape,
      toShape({ components: next.components ?? state.components, edges: next.edges ?? state.edges }),
    );
  }
  return next;
}

function patch<T>(before: Record<string, T>, changes: Record<string, T | null>): Record<string, T> {
  const after = { ...before };
  for (const [id, value] of Object.entries(changes)) {
    if (value === null) delete after[id];
    else after[id] = value;
  }
  return after;
}

export function toShape({ components, edges }: Pick<Snapshot, "components" | "edges">): GraphShape {
  return {
    components: Object.values(components)
      .map(({ id, kind, context, modules = [] }) => ({ id, kind, context, modules: modules.length }))
      .sort(byId),
    edges: Object.values(edges)
      .map(({ id, caller, callee, protocol }) => ({ id, caller, callee, protocol }))
      .sort(byId),
  };
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The old object when nothing in it changed: its identity is what the map's layout hangs on. */
function keepShape(before: GraphShape, after: GraphShape): GraphShape {
  const same =
    before.components.length === after.components.length &&
    before.edges.length === after.edges.length &&
    before.components.every((node, index) => {
      const other = after.components[index];
      return (
        node.id === other?.id &&
        node.kind === other.kind &&
        node.context === other.context &&
        node.modules === other.modules
      );
    }) &&
    before.edges.every((edge, index) => {
      const other = after.edges[index];
      return edge.id === other?.id && edge.protocol === other.protocol;
    });
  return same ? before : after;
}
