import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startHeartbeat } from "./heartbeat.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("beats twice an interval, and gives a client up after two silent ones", () => {
  const events: string[] = [];
  let heard = true;
  const stop = startHeartbeat(10, {
    beat: () => events.push("beat"),
    heard: () => heard,
    lost: () => events.push("lost"),
  });
  vi.advanceTimersByTime(10_000);
  expect(events).toEqual(["beat", "beat"]);
  heard = false;
  vi.advanceTimersByTime(15_000);
  expect(events).not.toContain("lost");
  vi.advanceTimersByTime(5_000);
  expect(events.at(-1)).toBe("lost");
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

test("0 is no heartbeat", () => {
  startHeartbeat(0, { beat: () => {}, heard: () => false, lost: () => {} });
  expect(vi.getTimerCount()).toBe(0);
});
