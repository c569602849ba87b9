import type { Policies } from "../policies/policies.ts";
import type { ComponentPolicies, EdgePolicies } from "../policies/schema.ts";

/** Policies for a test: the same on every edge, changed by `set`. */
export function createFixedPolicies(edge: EdgePolicies, component: ComponentPolicies = {}) {
  let inForce = edge;
  const listeners = new Set<() => void>();
  const policies: Policies = {
    edge: () => inForce,
    component: () => component,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {},
  };
  return {
    ...policies,
    set(next: EdgePolicies) {
      inForce = next;
      for (const listener of listeners) listener();
    },
  };
}
