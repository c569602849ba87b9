/** Counts the requests in work, and turns away whoever comes while there are too many. */
export type LoadShedder = {
  /** Undefined when `maxConcurrent` are in work; else one more is, until what is given back is called. */
  enter(maxConcurrent: number): (() => void) | undefined;
  readonly inWork: number;
};

export function createLoadShedder(): LoadShedder {
  let inWork = 0;
  return {
    enter(maxConcurrent) {
      if (inWork >= maxConcurrent) return undefined;
      inWork += 1;
      let left = false;
      return () => {
        if (!left) inWork -= 1;
        left = true;
      };
    },
    get inWork() {
      return inWork;
    },
  };
}
