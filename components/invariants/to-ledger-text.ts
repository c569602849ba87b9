import type { Invariant } from "#contract/invariants.ts";

/** "all 8 hold", "I1 broken", "2 broken, 1 waiting". */
export function toLedgerText(invariants: Pick<Invariant, "name" | "state">[]): string {
  const of = (wanted: Invariant["state"]) => invariants.filter(({ state }) => state === wanted);
  const parts = (["broken", "waiting"] as const).flatMap((state) => {
    const [first, ...others] = of(state);
    if (!first) return [];
    return [others.length === 0 ? `${first.name} ${state}` : `${others.length + 1} ${state}`];
  });
  return parts.length > 0 ? parts.join(", ") : `all ${invariants.length} hold`;
}
