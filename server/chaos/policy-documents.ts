import type { PolicyDocument, PolicyPreset } from "#contract/policies.ts";
import type { EdgeModel } from "../system/model.ts";

/**
 * What each component is told. Every component of which any preset speaks gets its whole document each time.
 * Edges are keyed by the callee's name, so a caller's second port on a callee shares the policies of the first.
 */
export function toPolicyDocuments(
  current: PolicyPreset,
  presets: Record<string, PolicyPreset>,
  edges: EdgeModel[],
  version: number,
): Record<string, PolicyDocument> {
  const byId = new Map(edges.map((edge) => [edge.id, edge]));
  const documents: Record<string, PolicyDocument> = {};
  const address = (id: string | undefined) => {
    if (id !== undefined) documents[id] ??= { version, edges: {}, component: current.components[id] ?? {} };
  };
  for (const preset of Object.values(presets)) {
    for (const id of Object.keys(preset.edges)) address(byId.get(id)?.caller);
    for (const id of Object.keys(preset.components)) address(id);
  }
  for (const [id, policies] of Object.entries(current.edges)) {
    const edge = byId.get(id);
    const document = edge && documents[edge.caller];
    if (document) document.edges[edge.callee] ??= policies;
  }
  return documents;
}
