import { expect, test } from "vitest";
import type { GraphShape } from "../live/live-state.ts";
import { toPlaces } from "./places.ts";

const shape: GraphShape = {
  components: ["a", "b", "c"].map((id) => ({ id, kind: "service", context: null, modules: 0 })),
  edges: [{ id: "a->b", caller: "a", callee: "b", protocol: "http" }],
};

test("a drag wins over the layout file, and drags of unknown components are left out", () => {
  const layout = { a: { x: 0, y: 0 }, b: { x: 300, y: 0 }, c: { x: 600, y: 0 } };
  expect(toPlaces(shape, layout, { b: { x: 9, y: 9 }, gone: { x: 1, y: 1 } })).toEqual({
    ...layout,
    b: { x: 9, y: 9 },
  });
});

test("a component that the layout file forgot stands below those that it names", () => {
  const places = toPlaces(shape, { a: { x: 0, y: 0 }, b: { x: 300, y: 50 } }, {});
  expect(places["c"]?.y).toBeGreaterThan(154);
});

test("without a layout file every component has a place", () => {
  expect(Object.keys(toPlaces(shape, {}, {})).sort()).toEqual(["a", "b", "c"]);
});
