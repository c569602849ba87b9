import { expect, test } from "vitest";
import { createLocalCache } from "./local-cache.ts";

let now = 0;
const create = () => createLocalCache(() => now);

test("keeps a value for its time to live, and no longer", async () => {
  const cache = create();
  await cache.set("a", "1", 1_000);
  now += 999;
  expect(await cache.get("a")).toBe("1");
  now += 1;
  expect(await cache.get("a")).toBe(null);
});

test("forgets what it is told to, one by one and all at once", async () => {
  const cache = create();
  for (const key of ["a", "b", "c"]) await cache.set(key, key, 1_000);
  await cache.del("a", "never there");
  expect([await cache.get("a"), await cache.get("b")]).toEqual([null, "b"]);
  await cache.clear();
  expect(await cache.get("c")).toBe(null);
});

test("holds a thousand keys, and forgets the one that was written longest ago", async () => {
  const cache = create();
  for (let n = 0; n < 1_000; n++) await cache.set(`k${n}`, "x", 1_000);
  await cache.set("k0", "again", 1_000);
  await cache.set("one more", "x", 1_000);
  expect([await cache.get("k0"), await cache.get("k1"), await cache.get("k2")]).toEqual(["again", null, "x"]);
});
