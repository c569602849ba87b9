import { expect, test } from "vitest";
import { createPreciseTimer } from "./precise-timer.ts";

test("a precise timer never fires before its time, and soon after", async () => {
  const errors = await Promise.all(
    Array.from({ length: 100 }, (_, i) => {
      const dueAt = performance.now() + 20 + i * 0.37;
      return new Promise<number>((resolve) => {
        createPreciseTimer(() => resolve(performance.now() - dueAt)).arm(dueAt);
      });
    }),
  );
  errors.sort((a, b) => a - b);
  expect(errors[0]).toBeGreaterThanOrEqual(0);
  // Very generous, for a machine that does other things too.
  expect(errors[50]).toBeLessThan(50);
});

test("a cancelled one does not fire, and one armed again fires once", async () => {
  let fired = 0;
  const timer = createPreciseTimer(() => fired++);
  timer.arm(performance.now() + 5);
  timer.arm(performance.now() + 10);
  const cancelled = createPreciseTimer(() => fired++);
  cancelled.arm(performance.now() + 5);
  cancelled.cancel();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(fired).toBe(1);
});
