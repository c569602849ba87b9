import type { GraphShape } from "../live/live-state.ts";

/**
 * Everything up- and downstream of a component or edge, itself included, as ids of components and edges:
 * who may suffer from it, and of whom it may suffer.
 */
export function toRelated({ edges }: GraphShape, selected: string): Set<string> {
  const own = edges.find(({ id }) => id === selected);
  const related = new Set([selected]);
  const walk = (start: string, from: "caller" | "callee") => {
    const to = from === "caller" ? "callee" : "caller";
    const seen = new Set([start]);
    const queue = [start];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      related.add(id);
      for (const edge of edges) {
        if (edge[from] !== id) continue;
        related.add(edge.id);
        if (!seen.has(edge[to])) {
          seen.add(edge[to]);
          queue.push(edge[to]);
        }
      }
    }
  };
  walk(own?.callee ?? selected, "caller");
  walk(own?.caller ?? selected, "callee");
  return related;
}
