import { readFileSync } from "node:fs";
import { toDocument } from "../../kit/policies/defaults.ts";
import type { Policies } from "../../kit/policies/policies.ts";
import { type PolicyFile, policyFile } from "../../kit/policies/schema.ts";

/** A system's policies file as it is, for a test that goes from preset to preset. */
export function createPresetPolicies(file: URL) {
  const read: PolicyFile = policyFile.parse(JSON.parse(readFileSync(file, "utf8")));
  let preset = read.default;
  const listeners = new Set<() => void>();
  return {
    set(name: string) {
      preset = name;
      for (const listener of listeners) listener();
    },
    of(component: string): Policies {
      const document = () => toDocument({ ...read, default: preset }, component);
      return {
        edge: (callee) => document().edges[callee] ?? {},
        component: () => document().component,
        faults: () => [],
        onChange(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        close() {},
      };
    },
  };
}
