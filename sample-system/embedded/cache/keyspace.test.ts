import { expect, test } from "vitest";
import { createKeyspace } from "./keyspace.ts";

const never = Number.POSITIVE_INFINITY;

test("what has expired is not there, at the millisecond", () => {
  let now = 0;
  const keys = createKeyspace(() => now);
  keys.set("a", "1", 100);
  now = 99;
  expect(keys.get("a")).toBe("1");
  now = 100;
  expect([keys.get("a"), keys.expiry("a"), keys.delete("a"), keys.size]).toEqual([undefined, undefined, false, 0]);
});

test("full, it forgets what was not used for longest", () => {
  const keys = createKeyspace(() => 0, 500);
  for (const key of ["a", "b", "c", "d"]) keys.set(key, "x", never);
  keys.get("a");
  keys.set("e", "x", never);
  expect(["a", "b", "c", "d", "e"].filter((key) => keys.get(key))).toEqual(["a", "c", "d", "e"]);
});

test("memory comes back with what is replaced, deleted and flushed; what is larger than all of it is not kept", () => {
  const keys = createKeyspace(() => 0, 500);
  for (let i = 0; i < 1_000; i++) keys.set("same", "x".repeat(50), never);
  for (let i = 0; i < 1_000; i++) {
    keys.set("gone", "x".repeat(50), never);
    keys.delete("gone");
  }
  keys.set("other", "x".repeat(50), never);
  expect([keys.size, keys.get("same")]).toEqual([2, "x".repeat(50)]);
  keys.clear();
  keys.set("huge", "x".repeat(600), never);
  expect(keys.size).toBe(0);
});
