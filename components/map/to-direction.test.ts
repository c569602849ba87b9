import { expect, test } from "vitest";
import { toNearest } from "./to-direction.ts";

/*
 *        up
 *  left  me   right   far
 *             below-right
 */
const places = {
  me: { x: 0, y: 0 },
  up: { x: 10, y: -100 },
  left: { x: -100, y: 0 },
  right: { x: 100, y: 10 },
  far: { x: 200, y: 0 },
  belowRight: { x: 110, y: 90 },
};

test.each([
  ["up", "up"],
  ["left", "left"],
  ["right", "right"],
  ["down", "belowRight"],
] as const)("%s of me is %s", (direction, id) => expect(toNearest(places, "me", direction)).toBe(id));

test("there is nothing beyond the edge, and nowhere from an unknown place", () => {
  expect(toNearest(places, "left", "left")).toBeNull();
  expect(toNearest(places, "nobody", "left")).toBeNull();
});
