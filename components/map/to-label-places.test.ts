import { expect, test } from "vitest";
import { toLabelPlaces, toLabelRect } from "./to-label-places.ts";
import { toLine } from "./to-line.ts";

const card = (x: number, y: number) => ({ x, y, width: 100, height: 50 });
const box = { width: 80, height: 30 };

test("a label stands in the middle where that is free", () => {
  expect(toLabelPlaces({ a: toLine(card(0, 0), card(400, 0)) }, { a: box }, [])).toEqual({ a: 0.5 });
});

test("two lines that cross keep their labels apart", () => {
  const lines = { a: toLine(card(0, 0), card(400, 400)), b: toLine(card(400, 0), card(0, 400)) };
  const places = toLabelPlaces(lines, { a: box, b: box }, []);
  const a = toLabelRect(lines.a, places["a"] ?? 0.5, box);
  const b = toLabelRect(lines.b, places["b"] ?? 0.5, box);
  expect(Math.abs(a.x - b.x) >= 80 || Math.abs(a.y - b.y) >= 30).toBe(true);
});

test("a label keeps off a card that lies over the middle of its line", () => {
  const line = toLine(card(0, 0), card(800, 0));
  const places = toLabelPlaces({ a: line }, { a: box }, [{ x: 420, y: 0, width: 60, height: 50 }]);
  const rect = toLabelRect(line, places["a"] ?? 0.5, box);
  expect(rect.x + rect.width <= 420 || rect.x >= 480).toBe(true);
});
