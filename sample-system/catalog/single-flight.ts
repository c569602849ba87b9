/** One question for all who ask the same at once: whoever comes while it is being answered gets that answer. */
export type SingleFlight = {
  /** `joined` is true for all but the one whose question it is. They share its answer, and its failure. */
  run<T>(key: string, ask: () => Promise<T>): { answer: Promise<T>; joined: boolean };
  /** Who asks from now on asks anew: what is on its way may be old. */
  forget(key: string): void;
};

/** Bounded by its callers: there is one entry for each key that someone is waiting for. */
export function createSingleFlight(): SingleFlight {
  const flights = new Map<string, Promise<unknown>>();
  return {
    run<T>(key: string, ask: () => Promise<T>) {
      const known = flights.get(key);
      if (known) return { answer: known as Promise<T>, joined: true };
      const answer = ask().finally(() => {
        if (flights.get(key) === answer) flights.delete(key);
      });
      flights.set(key, answer);
      return { answer, joined: false };
    },
    forget: (key) => void flights.delete(key),
  };
}
