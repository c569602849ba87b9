/** Counts what is in work, and tells when nothing is. */
export function createInWork() {
  let count = 0;
  let idle = Promise.withResolvers<void>();
  idle.resolve();
  return {
    async run<T>(job: () => Promise<T>): Promise<T> {
      if (count === 0) idle = Promise.withResolvers();
      count += 1;
      try {
        return await job();
      } finally {
        count -= 1;
        if (count === 0) idle.resolve();
      }
    },
    idle: () => idle.promise,
    get count() {
      return count;
    },
  };
}
