import { describe, expect, test } from "vitest";
import type { GraphShape } from "../live/live-state.ts";
import { toLayout } from "./to-layout.ts";

function shape(...edges: [string, string][]): GraphShape {
  const ids = [...new Set(edges.flat())].sort();
  return {
    components: ids.map((id) => ({ id, kind: "service", context: null, modules: 0 })),
    edges: edges.map(([caller, callee]) => ({ id: `${caller}->${callee}`, caller, callee, protocol: "http" })),
  };
}

describe("the layered layout", () => {
  test("puts every callee to the right of its caller", () => {
    const graph = shape(["load", "gateway"], ["gateway", "a"], ["gateway", "b"], ["a", "b"], ["b", "db"]);
    const places = toLayout(graph);
    for (const { caller, callee } of graph.edges) expect(places[caller]?.x).toBeLessThan(places[callee]?.x ?? 0);
  });

  test("lets no two cards overlap", () => {
    const places = Object.values(toLayout(shape(["g", "a"], ["g", "b"], ["g", "c"], ["a", "d"], ["b", "d"])));
    for (const [index, one] of places.entries()) {
      for (const other of places.slice(index + 1)) {
        expect(Math.abs(one.x - other.x) > 236 || Math.abs(one.y - other.y) > 104).toBe(true);
      }
    }
  });

  test("survives circles and components that nobody knows", () => {
    const graph = shape(["a", "b"], ["b", "c"], ["c", "a"]);
    graph.components.push({ id: "alone", kind: "database", context: null, modules: 0 });
    expect(Object.keys(toLayout(graph)).sort()).toEqual(["a", "alone", "b", "c"]);
  });

  test("is the same for the same shape, and untangles lines that need not cross", () => {
    const graph = shape(["g", "a"], ["g", "b"], ["a", "z"], ["b", "y"]);
    const places = toLayout(graph);
    expect(places).toEqual(toLayout(structuredClone(graph)));
    const above = (one: string, other: string) => (places[one]?.y ?? 0) < (places[other]?.y ?? 0);
    expect(above("a", "b")).toBe(above("z", "y"));
  });
});
