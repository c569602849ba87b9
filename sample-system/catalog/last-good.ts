/** As many answers are kept for bad times; the one longest unused goes first. */
const MAX_KEPT = 500;

/** The last good answer to each question, in memory. */
export function createLastGood(maxKept = MAX_KEPT) {
  const answers = new Map<string, { value: unknown }>();
  return {
    keep(key: string, value: unknown) {
      answers.delete(key);
      answers.set(key, { value });
      const [oldest] = answers.keys();
      if (answers.size > maxKept && oldest !== undefined) answers.delete(oldest);
    },
    /** Undefined when there is none. */
    find: (key: string) => answers.get(key),
    clear: () => answers.clear(),
  };
}
