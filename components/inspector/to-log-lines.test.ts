import { expect, test } from "vitest";
import { toLogLines } from "./to-log-lines.ts";

test("reads lines bare or wrapped, and nothing from anything else", () => {
  const line = { at: 1, stream: "stdout" as const, text: "up" };
  expect(toLogLines([line])).toEqual([line]);
  expect(toLogLines({ lines: [line] })).toEqual([line]);
  expect(toLogLines({ message: "no" })).toEqual([]);
  expect(toLogLines(null)).toEqual([]);
});
