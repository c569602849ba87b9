import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test, vi } from "vitest";
import type { Delivery, Verdict } from "./bus.ts";
import { createLocalQueue } from "./local-queue.ts";

const message = JSON.stringify({ id: "1", name: "N", correlationId: "c", at: 1, body: {} });

test("ten thousand wait; the next stays with its sender", async () => {
  const { push, subscription, close } = createLocalQueue(async () => ({ kind: "done" }));
  await subscription.pause();
  for (let i = 0; i < 10_000; i++) push(message, {});
  expect(() => push(message, {})).toThrow("10000 messages wait already");
  close();
});

test("the thousand latest dead letters are kept", async () => {
  const { push, subscription, close } = createLocalQueue(async () => ({ kind: "dead", reason: "no" }));
  for (let i = 0; i < 1_001; i++) push(message, {});
  await vi.waitFor(async () =>
    expect(await subscription.counts()).toEqual({ queued: 0, dead: 1_000, explained: 1_000 }),
  );
  close();
});

test("a message is handled outside of what its sender is in", async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const onMessage = async (_delivery: Delivery): Promise<Verdict> => {
    seen.push(storage.getStore());
    return { kind: "done" };
  };
  const { push, close } = createLocalQueue(onMessage);
  storage.run("a request", () => push(message, {}));
  await vi.waitFor(() => expect(seen).toEqual([undefined]));
  close();
});
