import { log } from "../log.ts";
import { readDefaults } from "./defaults.ts";
import { streamLines } from "./line-stream.ts";
import { type ComponentPolicies, type EdgePolicies, type PolicyDocument, policyDocument } from "./schema.ts";

/*
 * The policies in force, changed while running:
 *
 *   policies.json ─▶ in force ◀── one document a line ── POLICY_URL
 *                       └─▶ onChange
 *
 * The last good document holds when the stream ends or sends nonsense.
 */
export type Policies = {
  edge(callee: string): EdgePolicies;
  component(): ComponentPolicies;
  /** Returns what stops it. */
  onChange(listener: () => void): () => void;
  close(): void;
};

export function createPolicies(component: string, streamUrl = process.env.POLICY_URL): Policies {
  let inForce = readDefaults(component);
  const listeners = new Set<() => void>();

  function take(line: string) {
    const document = toPolicyDocument(line);
    if (!document) return log(`a policy document was not understood and is left out: ${line.slice(0, 200)}`);
    inForce = document;
    for (const listener of listeners) listener();
  }
  const stream = streamUrl ? streamLines(streamUrl, take) : undefined;

  return {
    edge: (callee) => inForce.edges[callee] ?? {},
    component: () => inForce.component,
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
