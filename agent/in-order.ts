/** Runs jobs one after the other, each begun when the one before has settled. A job's failure is its caller's alone. */
export function createInOrder(): <T>(job: () => T | Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    const next = last.then(job);
    last = next.catch(() => {});
    return next;
  };
}
