import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { createWorkerPool, PoolFullError } from "./worker-pool.ts";

const quick = { workers: 2, serviceTimeMs: 0 };

test("runs as many jobs at once as it has workers, and the others in order", async () => {
  const pool = createWorkerPool(() => quick);
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const jobs = gates.map(({ promise }, n) =>
    pool.run(async () => {
      begun.push(n);
      await promise;
    }),
  );
  await Promise.resolve();
  expect([begun, pool.busy, pool.waiting]).toEqual([[0, 1], 2, 2]);
  gates[1]?.resolve();
  await jobs[1];
  expect(begun).toEqual([0, 1, 2]);
  for (const gate of gates) gate.resolve();
  await Promise.all(jobs);
  expect([begun, pool.busy]).toEqual([[0, 1, 2, 3], 0]);
});

test("more workers take up what waits, though every old one is stuck", async () => {
  let workers = 1;
  const pool = createWorkerPool(() => ({ workers, serviceTimeMs: 0 }));
  const stuck = Promise.withResolvers<void>();
  const jobs = [pool.run(() => stuck.promise), pool.run(async () => {})];
  workers = 2;
  await pool.run(async () => {});
  await jobs[1];
  expect(pool.busy).toBe(1);
  stuck.resolve();
  await jobs[0];
});

test("turns a job away when 500 wait", async () => {
  const pool = createWorkerPool(() => quick);
  const gate = Promise.withResolvers<void>();
  const jobs = Array.from({ length: 502 }, () => pool.run(() => gate.promise));
  await expect(pool.run(() => gate.promise)).rejects.toThrow(PoolFullError);
  gate.resolve();
  await Promise.all(jobs);
});

test("does not begin a job whose caller has gone", async () => {
  const pool = createWorkerPool(() => quick);
  let ran = false;
  const job = async () => {
    ran = true;
  };
  expect(await pool.run(job, () => false)).toBe(undefined);
  expect([ran, pool.busy]).toEqual([false, 0]);
});

test("is emptied: who waits is turned away, who is in work ends", async () => {
  const pool = createWorkerPool(() => quick);
  const gate = Promise.withResolvers<void>();
  const working = [pool.run(() => gate.promise), pool.run(() => gate.promise)];
  const waiting = pool.run(async () => {});
  setTimeout(gate.resolve, 30);
  const emptied = pool.empty(10_000);
  await expect(waiting).rejects.toThrow(PoolFullError);
  await emptied;
  expect([pool.busy, pool.waiting]).toEqual([0, 0]);
  await Promise.all(working);
});

test("emptying it is given up after its time", async () => {
  const pool = createWorkerPool(() => quick);
  const gate = Promise.withResolvers<void>();
  const stuck = pool.run(() => gate.promise);
  await pool.empty(30);
  expect(pool.busy).toBe(1);
  gate.resolve();
  await stuck;
});

test("a job costs its service time", async () => {
  const pool = createWorkerPool(() => ({ workers: 1, serviceTimeMs: 60 }));
  const begun = performance.now();
  await pool.run(async () => {});
  expect(performance.now() - begun).toBeGreaterThan(55);
});

test("a failed job costs none", async () => {
  const pool = createWorkerPool(() => ({ workers: 1, serviceTimeMs: 60_000 }));
  await expect(pool.run(() => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  expect(pool.busy).toBe(0);
});

test("a job that waited goes on in its own context, not in that of the job before", async () => {
  const pool = createWorkerPool(() => ({ workers: 1, serviceTimeMs: 0 }));
  const storage = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const visit = (name: string) => storage.run(name, () => pool.run(async () => seen.push(storage.getStore())));
  await Promise.all([visit("first"), visit("second"), visit("third")]);
  expect(seen).toEqual(["first", "second", "third"]);
});
