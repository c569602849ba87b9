import { isDeepStrictEqual } from "node:util";
import type { Component, Edge } from "#contract/state.ts";

/** Digits that change more often than this cannot be read. */
const FIGURES_EVERY_MS = 400;

/**
 * What is to be shown now: an entry of which only figures have moved stays as it was shown last, until that is a while
 * ago; everything else, such as a state or a breaker, shows at once. What is equal stays the same object.
 */
export function createPace<T>(withoutFigures: (entry: T) => unknown) {
  /** One entry for each that is there now. */
  let shownAt = new Map<string, number>();

  return (nowMs: number, shown: Record<string, T>, current: Record<string, T>): Record<string, T> => {
    const next: Record<string, T> = {};
    const nextShownAt = new Map<string, number>();
    for (const [id, entry] of Object.entries(current)) {
      const before = shown[id];
      const lastMs = shownAt.get(id) ?? 0;
      const keep =
        before !== undefined &&
        (isDeepStrictEqual(before, entry) ||
          (nowMs - lastMs < FIGURES_EVERY_MS && isDeepStrictEqual(withoutFigures(before), withoutFigures(entry))));
      next[id] = keep ? before : entry;
      nextShownAt.set(id, keep ? lastMs : nowMs);
    }
    shownAt = nextShownAt;
    return next;
  };
}

export function componentWithoutFigures(component: Component): unknown {
  const { id, kind, context, state, since, exitCode, detail, restarts, health, policies, obeys } = component;
  return { id, kind, context, state, since, exitCode, detail, restarts, health, policies, obeys };
}

export function edgeWithoutFigures(edge: Edge): unknown {
  const { id, caller, callee, protocol, health, breaker, policies, policyWarnings, faults } = edge;
  const since = [breaker?.state, breaker?.since];
  return { id, caller, callee, protocol, health, policies, policyWarnings, faults, breaker: since };
}
