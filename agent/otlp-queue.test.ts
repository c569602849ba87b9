import { describe, expect, test } from "vitest";
import { frameKinds } from "#contract/agent-api.ts";
import { toOtlpFrame } from "./frame.ts";
import { createOtlpQueue } from "./otlp-queue.ts";

const toFrameOf = (bytes: number, fill = 0) => toOtlpFrame(frameKinds.logs, 0, Buffer.alloc(bytes, fill));

describe("the queue of telemetry", () => {
  test("gives frames back in order", () => {
    const queue = createOtlpQueue();
    for (let i = 0; i < 5_000; i++) queue.push(toFrameOf(1, i % 256));
    expect(queue.length).toBe(5_000);
    for (let i = 0; i < 5_000; i++) expect(queue.shift()?.body[0]).toBe(i % 256);
    expect([queue.shift(), queue.length, queue.takeDropped()]).toEqual([undefined, 0, null]);
  });

  test("drops the oldest over 16 MiB, and counts them once", () => {
    const queue = createOtlpQueue();
    for (let i = 0; i < 20; i++) queue.push(toFrameOf(1024 * 1024, i));
    expect(queue.length).toBe(15);
    expect(queue.shift()?.body[0]).toBe(5);
    expect(queue.takeDropped()).toEqual({ frames: 5, bytes: 5 * 1024 * 1024 });
    expect(queue.takeDropped()).toBeNull();
  });

  test("bounds many tiny frames too, and takes no longer for each when it is full", () => {
    const queue = createOtlpQueue();
    const startedAt = performance.now();
    for (let i = 0; i < 300_000; i++) queue.push(toFrameOf(0));
    // A cost that grew with the queue would take minutes here.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(queue.length).toBe((16 * 1024 * 1024) / 256);
  });
});
