import { expect, test } from "vitest";
import { toChanges } from "./to-changes.ts";

const a = { id: "a", faults: [] as string[] };
const b = { id: "b", faults: ["f1"] };

test.each([
  ["nothing to nothing", {}, {}, undefined],
  ["something from nothing", {}, { a }, { a }],
  ["nothing from something", { a }, {}, { a: null }],
  ["no change", { a, b }, { a: { ...a }, b: { ...b, faults: ["f1"] } }, undefined],
  ["one added", { a }, { a, b }, { b }],
  ["one removed", { a, b }, { b }, { a: null }],
  [
    "one updated, deep inside",
    { a, b },
    { a, b: { ...b, faults: ["f1", "f2"] } },
    { b: { id: "b", faults: ["f1", "f2"] } },
  ],
  ["all three at once", { a, b }, { b: { ...b, faults: [] }, c: a }, { a: null, b: { id: "b", faults: [] }, c: a }],
])("%s", (_name, before, after, expected) => {
  expect(toChanges<typeof a>(before, after)).toEqual(expected);
});
