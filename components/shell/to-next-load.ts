const STEPS = [0, 1, 2, 5, 10, 20, 30, 50, 80, 120, 200, 300, 500, 1_000, 2_000];

/** The next load up or down from the one in force, which need not be a step itself. */
export function toNextLoad(rate: number, direction: 1 | -1): number {
  const next = direction === 1 ? STEPS.find((step) => step > rate) : STEPS.findLast((step) => step < rate);
  return next ?? rate;
}
