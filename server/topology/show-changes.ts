import { isDeepStrictEqual } from "node:util";
import { type Delta, EVENT_LIMIT, type LogEntry, type Snapshot, type UserView } from "#contract/state.ts";
import { componentWithoutFigures, createPace, edgeWithoutFigures } from "./pace-figures.ts";
import { toChanges } from "./to-changes.ts";

export type Picture = Pick<Snapshot, "system" | "user" | "components" | "edges" | "faults" | "invariants">;

/*
 *   picture now ─▶ pace ─▶ compare with what is shown ─▶ delta, and that is what is shown from now on
 *                                                         snapshot(): all deltas so far, added up
 */
export type Show = {
  snapshot(): Snapshot;
  /** null when nothing is to be seen of it. */
  advance(nowMs: number, picture: Picture, events: LogEntry[]): Delta | null;
};

export function createShow(nowMs: number, first: Picture): Show {
  let shown: Snapshot = { revision: 0, at: nowMs, ...first, events: [] };
  const paceComponents = createPace(componentWithoutFigures);
  const paceEdges = createPace(edgeWithoutFigures);
  const paceUser = createPace<UserView>(() => null);

  return {
    snapshot: () => shown,
    advance(nowMs, picture, events) {
      const { system, faults, invariants } = picture;
      const user = paceUser(nowMs, { user: shown.user }, { user: picture.user }).user ?? picture.user;
      const components = paceComponents(nowMs, shown.components, picture.components);
      const edges = paceEdges(nowMs, shown.edges, picture.edges);
      const delta: Delta = { revision: shown.revision + 1, baseRevision: shown.revision, at: nowMs };
      const changedComponents = toChanges(shown.components, components);
      const changedEdges = toChanges(shown.edges, edges);
      const changedFaults = toChanges(shown.faults, faults);
      const changedInvariants = toChanges(shown.invariants, invariants);
      if (!isDeepStrictEqual(shown.system, system)) delta.system = system;
      if (!isDeepStrictEqual(shown.user, user)) delta.user = user;
      if (changedComponents) delta.components = changedComponents;
      if (changedEdges) delta.edges = changedEdges;
      if (changedFaults) delta.faults = changedFaults;
      if (changedInvariants) delta.invariants = changedInvariants;
      if (events.length > 0) delta.events = events;
      const says = Object.keys(delta).length > 3;
      if (!says) return null;
      shown = {
        revision: delta.revision,
        at: nowMs,
        system,
        user,
        components,
        edges,
        faults,
        invariants,
        events: [...shown.events, ...events].slice(-EVENT_LIMIT),
      };
      return delta;
    },
  };
}
