import type { Policies } from "../policies/policies.ts";
import type { ComponentPolicies, EdgePolicies, FlagFault } from "../policies/schema.ts";

/** Policies for a test: the same on every edge, changed by `set`, `setComponent` (merged) and `setFaults`. */
export function createFixedPolicies(edge: EdgePolicies, component: ComponentPolicies = {}) {
  let inForce = { edge, component, faults: [] as FlagFault[] };
  const listeners = new Set<() => void>();
  const policies: Policies = {
    edge: () => inForce.edge,
    component: () => inForce.component,
    faults: () => inForce.faults,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {},
  };
  function change(to: Partial<typeof inForce>) {
    inForce = { ...inForce, ...to };
    for (const listener of listeners) listener();
  }
  return {
    ...policies,
    set: (next: EdgePolicies) => change({ edge: next }),
    setComponent: (next: ComponentPolicies) => change({ component: { ...inForce.component, ...next } }),
    setFaults: (faults: FlagFault[]) => change({ faults }),
  };
}
