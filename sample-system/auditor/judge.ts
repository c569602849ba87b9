import type { Books, Service } from "./books.ts";
import type { Invariant, Violation } from "./invariants/invariant.ts";

/*
 * From violations to a verdict. Time is what makes one: services are read one after the other, and what is on its way is
 * not wrong yet.
 *
 *   none ─▶ holds      seen for less than the tolerance ─▶ waiting      longer ─▶ broken
 *
 * While one of those whose books are compared is silent, its book is an old one: that makes no new offender, and the time
 * begins when all can be asked again. Nor does silence heal: who is an offender stays one.
 */
export type Verdict = {
  name: string;
  title: string;
  state: "holds" | "waiting" | "broken";
  /** When this state began, epoch ms. */
  since: number;
  reason: string;
  violations: Violation[];
};

/** Every book is read once before anything is wrong, and one read may fall between two changes. */
const SETTLE_MS = 1_500;
/** Violations whose first sight is remembered; beyond it the newest count as seen just now. */
const REMEMBERED = 10_000;

export function createJudge(invariant: Invariant) {
  const { name, title } = invariant;
  const limitMs = Math.max(invariant.toleranceMs, SETTLE_MS);
  const firstSeen = new Map<string, number>();
  const late = new Set<string>();
  let state: Verdict["state"] = "holds";
  let since = Date.now();

  return {
    invariant,
    /** `silent` are the services that do not answer. */
    judge(books: Books, nowMs: number, silent: ReadonlySet<Service>): Verdict {
      const violations = invariant.find(books, nowMs);
      const unread = invariant.reads.filter((service) => silent.has(service));
      const ids = new Set(violations.map(({ id }) => id));
      for (const id of firstSeen.keys()) if (!ids.has(id)) firstSeen.delete(id);
      for (const id of late) if (!ids.has(id)) late.delete(id);
      for (const id of ids) {
        const seenAt = unread.length > 0 ? undefined : firstSeen.get(id);
        if (nowMs - (seenAt ?? nowMs) >= limitMs) late.add(id);
        else if (seenAt === undefined && (firstSeen.has(id) || firstSeen.size < REMEMBERED)) firstSeen.set(id, nowMs);
      }

      const next = late.size > 0 ? "broken" : violations.length > 0 || unread.length > 0 ? "waiting" : "holds";
      if (next !== state) {
        state = next;
        since = nowMs;
      }
      // What is late comes first: it is what made the verdict.
      const ordered = [...violations.filter(({ id }) => late.has(id)), ...violations.filter(({ id }) => !late.has(id))];
      return { name, title, state, since, reason: toReason(ordered, unread), violations: ordered };
    },
    reset() {
      firstSeen.clear();
      late.clear();
      state = "holds";
      since = Date.now();
    },
  };
}

function toReason(violations: Violation[], unread: Service[]): string {
  const silent = unread.length > 0 ? `${unread.join(" and ")} cannot be asked` : "";
  const [first] = violations;
  if (!first) return silent;
  const others = violations.length > 1 ? `, and ${violations.length - 1} more` : "";
  return [`${first.id}: ${first.what}${others}`, silent].filter(Boolean).join("; ");
}
