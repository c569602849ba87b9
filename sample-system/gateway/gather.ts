import type { Policies } from "../kit/policies/policies.ts";

/**
 * What several services answer, for one page. A page that can do without them asks all at once; one that fails with any
 * of them asks one after the other, as it needs no later answer when an earlier one is missing.
 */
export async function gather<A, B>(
  atOnce: boolean,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  if (atOnce) return Promise.all([first(), second()]);
  return [await first(), await second()];
}

/** Whether a page goes without any one of these services. */
export function hasFallbacks(policies: Pick<Policies, "edge">, callees: string[]): boolean {
  return callees.every((callee) => policies.edge(callee).fallback?.enabled);
}
