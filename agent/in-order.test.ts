import { expect, test } from "vitest";
import { createInOrder } from "./in-order.ts";

test("jobs run one after the other, and one that fails stops no other", async () => {
  const inOrder = createInOrder();
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const slow = inOrder(async () => {
    await first.promise;
    seen.push("slow");
  });
  const failing = inOrder(() => {
    seen.push("failing");
    throw new Error("no");
  });
  const last = inOrder(() => seen.push("last"));
  expect(seen).toEqual([]);
  first.resolve();
  await slow;
  await expect(failing).rejects.toThrow("no");
  await last;
  expect(seen).toEqual(["slow", "failing", "last"]);
});
