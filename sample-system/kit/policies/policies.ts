import { log } from "../log.ts";
import { readDefaults } from "./defaults.ts";
import { streamLines } from "./line-stream.ts";
import {
  type ComponentPolicies,
  type EdgePolicies,
  type FlagFault,
  type PolicyDocument,
  policyDocument,
} from "./schema.ts";

/*
 * The policies in force, changed while running:
 *
 *   policies.json ─▶ in force ◀── one document a line ── POLICY_URL
 *                       └─▶ onChange
 *
 * The last good document holds when the stream ends or sends nonsense, except for its faults, which end with the stream.
 */
export type Policies = {
  edge(callee: string): EdgePolicies;
  component(): ComponentPolicies;
  /** Fault flags that hold now. They end with the stream: nobody is left who would take them back. */
  faults(): FlagFault[];
  /** Returns what stops it. */
  onChange(listener: () => void): () => void;
  close(): void;
};

export function createPolicies(
  component: string,
  streamUrl = process.env.POLICY_URL,
  defaults = readDefaults(component),
): Policies {
  let inForce = defaults;
  const listeners = new Set<() => void>();

  function take(line: string) {
    const document = toPolicyDocument(line);
    if (!document) return log(`a policy document was not understood and is left out: ${line.slice(0, 200)}`);
    apply(document);
  }
  function apply(document: PolicyDocument) {
    inForce = document;
    for (const listener of listeners) listener();
  }
  function dropFaults() {
    if (inForce.faults.length > 0) apply({ ...inForce, faults: [] });
  }
  const stream = streamUrl ? streamLines(streamUrl, take, dropFaults) : undefined;

  return {
    edge: (callee) => inForce.edges[callee] ?? {},
    component: () => inForce.component,
    faults: () => inForce.faults,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      stream?.close();
      listeners.clear();
    },
  };
}

function toPolicyDocument(line: string): PolicyDocument | undefined {
  try {
    return policyDocument.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
