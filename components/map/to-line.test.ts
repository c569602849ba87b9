import { describe, expect, test } from "vitest";
import { pointAt, toLine } from "./to-line.ts";
import { toLines } from "./to-lines.ts";

const at = (x: number, y: number) => ({ x, y, width: 100, height: 50 });

describe("a line", () => {
  test("runs flat from border to border of cards side by side", () => {
    const line = toLine(at(0, 0), at(300, 0));
    expect(line).toMatchObject({ from: { x: 100, y: 25 }, to: { x: 300, y: 25 }, length: 200, angle: 0, run: "flat" });
    expect(pointAt(line, 0.5)).toEqual({ x: 200, y: 25 });
  });

  test("runs straight down through what two cards share, even when they are not quite below each other", () => {
    expect(toLine(at(0, 0), at(20, 200))).toMatchObject({
      from: { x: 60, y: 50 },
      to: { x: 60, y: 200 },
      run: "steep",
    });
  });

  test("leaves a slanted card where the way between the centres crosses its border", () => {
    const line = toLine(at(0, 0), at(300, 300));
    expect(line.run).toBe("slanted");
    expect(line.from).toEqual({ x: 75, y: 50 });
    expect(line.to).toEqual({ x: 325, y: 300 });
  });
});

test("two components that call each other have two lines", () => {
  const edges = [
    { id: "a->b", caller: "a", callee: "b", protocol: "http" },
    { id: "b->a", caller: "b", callee: "a", protocol: "http" },
  ];
  const lines = toLines({ components: [], edges }, { a: at(0, 0), b: at(300, 0) });
  expect(lines["a->b"]?.from.y).not.toBe(lines["b->a"]?.from.y);
});
