import { expect, test } from "vitest";
import { readProcesses, toDescendants } from "./process-tree.ts";

test("descendants are found over all generations, and no one else's", () => {
  const processes = [
    { pid: 5, parent: 4 },
    { pid: 2, parent: 1 },
    { pid: 3, parent: 2 },
    { pid: 4, parent: 2 },
    { pid: 9, parent: 1 },
  ];
  expect(toDescendants(2, processes)).toEqual([3, 4, 5]);
  expect(toDescendants(9, processes)).toEqual([]);
});

test("this process is among the running ones, with its parent", () => {
  expect(readProcesses()).toContainEqual({ pid: process.pid, parent: process.ppid });
});
