/** Lets those who wait for something to change look again: wait() resolves at the next wake(), or after `withinMs`. */
export type StateWaiters = { wait(withinMs: number): Promise<void>; wake(): void };

export function createStateWaiters(): StateWaiters {
  let waiting: (() => void)[] = [];
  return {
    wait: (withinMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      }),
    wake() {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
  };
}
