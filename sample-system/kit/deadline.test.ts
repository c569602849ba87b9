import { expect, test } from "vitest";
import { DeadlinePassedError, timeLeftMs, toDeadline, workUntil } from "./deadline.ts";

const inMs = (ms: number) => performance.now() + ms;

test("work knows how much time is left, also after waiting; other work does not", async () => {
  await workUntil(inMs(5_000), async () => {
    await Promise.resolve();
    expect(timeLeftMs()).toBeGreaterThan(4_000);
    expect(timeLeftMs()).toBeLessThanOrEqual(5_000);
  });
  expect(timeLeftMs()).toBe(undefined);
});

test("an inner deadline can only be earlier", () => {
  workUntil(inMs(1_000), () => {
    expect(workUntil(inMs(60_000), timeLeftMs)).toBeLessThanOrEqual(1_000);
    expect(workUntil(undefined, timeLeftMs)).toBeLessThanOrEqual(1_000);
    expect(workUntil(inMs(100), timeLeftMs)).toBeLessThanOrEqual(100);
  });
});

test("work whose time is over is not begun", () => {
  let begun = false;
  const work = () => {
    begun = true;
  };
  expect(() => workUntil(inMs(-1), work)).toThrow(DeadlinePassedError);
  expect(begun).toBe(false);
});

test.each([undefined, "", "soon", "Infinity", ["1", "2"]])("%j is no deadline", (header) => {
  expect(toDeadline(header)).toBe(undefined);
});
