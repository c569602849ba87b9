import { AsyncResource } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";

/*
 * Bounded capacity: a service does `workers` jobs at once, each of which also costs `serviceTimeMs` of work of its own.
 *
 *   run ─▶ [ waiting, at most MAX_WAITING ] ─▶ worker: job, then its service time ─▶ result
 *
 * A worker is held for the whole job, also while the job waits for another service: that is how one slow callee takes
 * everything else with it. A job that fails costs no service time, so a refusal is quick.
 */
export type Capacity = { workers: number; serviceTimeMs: number };

/** Jobs that may wait for a worker; the next one is turned away. */
const MAX_WAITING = 500;
const LOOK_AGAIN_MS = 20;

export class PoolFullError extends Error {
  override name = "PoolFullError";
}

export type WorkerPool = {
  /** `isWanted` is asked when a worker is free: a job whose caller has gone is not begun, and resolves undefined. */
  run<T>(job: () => Promise<T>, isWanted?: () => boolean): Promise<T | undefined>;
  /** Turns away all who wait, and resolves when those in work are done; after `limitMs` at the latest. */
  empty(limitMs: number): Promise<void>;
  readonly busy: number;
  readonly waiting: number;
};

/** `capacity` is asked each time, so that it can change while running. */
export function createWorkerPool(capacity: () => Capacity): WorkerPool {
  const queue: { begin(): void; turnAway(): void }[] = [];
  let busy = 0;

  function startWaiting() {
    while (busy < capacity().workers) {
      const next = queue.shift();
      if (!next) return;
      busy += 1;
      next.begin();
    }
  }

  function takeWorker(): Promise<void> {
    // There may be more workers than when the last job came.
    startWaiting();
    const full = () => new PoolFullError(`${busy} workers busy and ${queue.length} requests waiting`);
    if (queue.length >= MAX_WAITING) return Promise.reject(full());
    return new Promise((resolve, reject) => {
      // Bound, or the job would go on in the trace of whichever job freed its worker.
      queue.push({ begin: AsyncResource.bind(resolve), turnAway: AsyncResource.bind(() => reject(full())) });
      startWaiting();
    });
  }

  return {
    async run(job, isWanted = () => true) {
      await takeWorker();
      try {
        if (!isWanted()) return undefined;
        const result = await job();
        await sleep(capacity().serviceTimeMs);
        return result;
      } finally {
        busy -= 1;
        startWaiting();
      }
    },
    async empty(limitMs) {
      for (const { turnAway } of queue.splice(0)) turnAway();
      const until = performance.now() + limitMs;
      while (busy > 0 && performance.now() < until) await sleep(LOOK_AGAIN_MS);
    },
    get busy() {
      return busy;
    },
    get waiting() {
      return queue.length;
    },
  };
}
