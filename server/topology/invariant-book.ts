import type { Invariant } from "#contract/invariants.ts";
import type { LogEntry } from "#contract/state.ts";

/*
 * The business rules that a system reports about itself.
 *
 *   event  ── the whole report ────────────────▶ by name ─▶ picture; an entry in the event list when one breaks or holds again
 *   gauge  ── its violations, or all there is ─▶
 *   silence of 15 s ─▶ forgotten: what nobody vouches for is not shown
 */
export const INVARIANT_SILENCE_MS = 15_000;
/** More names than this are not kept. */
const LIMIT = 100;

type Known = { invariant: Invariant; heardAt: number; toldAt: number; reportedAt: number | null; wasBroken: boolean };
type Entry = Omit<LogEntry, "id" | "at">;

export function createInvariantBook() {
  const known = new Map<string, Known>();
  let forgottenAt = 0;

  /** Kept as it is now; an entry for the event list when it has come to be broken, or to hold again. */
  function keep(nowMs: number, toldAt: number, invariant: Invariant, isReport: boolean): Entry | null {
    const before = known.get(invariant.name);
    if (!before && known.size >= LIMIT) return null;
    const { state } = invariant;
    const wasBroken = state === "broken" || (state === "waiting" && before?.wasBroken === true);
    const reportedAt = isReport ? nowMs : (before?.reportedAt ?? null);
    known.set(invariant.name, { invariant, heardAt: nowMs, toldAt, reportedAt, wasBroken });
    if (state === "broken" && before?.wasBroken !== true) return toEntry("bad", "is broken", invariant);
    if (state === "holds" && before?.wasBroken === true) return toEntry("good", "holds again", invariant);
    return null;
  }

  function current(nowMs: number, name: string): Known | undefined {
    const one = known.get(name);
    return one && nowMs - one.heardAt <= INVARIANT_SILENCE_MS ? one : undefined;
  }

  return {
    /** `at`: when it was said; a report that was overtaken by a newer one counts for nothing. */
    onReport(nowMs: number, at: number, invariant: Invariant): Entry | null {
      const before = known.get(invariant.name);
      if (at < forgottenAt) return null;
      if (before && before.reportedAt !== null && at < before.toldAt) return null;
      return keep(nowMs, at, invariant, true);
    },
    /** Says how many; whether that is broken it decides only where nobody reports the rule in full. */
    onGauge(nowMs: number, at: number, name: string, violations: number): Entry | null {
      const before = current(nowMs, name);
      if (at < forgottenAt || (before && at < before.toldAt)) return null;
      if (before && before.reportedAt !== null && nowMs - before.reportedAt <= INVARIANT_SILENCE_MS) {
        before.invariant = { ...before.invariant, violations };
        return null;
      }
      const state = violations > 0 ? "broken" : "holds";
      const since = before?.invariant.state === state ? before.invariant.since : at;
      const title = before?.invariant.title ?? name;
      return keep(nowMs, at, { name, title, state, violations, since, reason: "", offenders: [] }, false);
    },
    read(nowMs: number): Record<string, Invariant> {
      for (const name of known.keys()) if (!current(nowMs, name)) known.delete(name);
      return Object.fromEntries([...known].map(([name, { invariant }]) => [name, invariant]));
    },
    /** Nothing is known any more, and what was said before now comes too late. */
    forget(nowMs: number): void {
      known.clear();
      forgottenAt = nowMs;
    },
  };
}

function toEntry(severity: LogEntry["severity"], what: string, { name, title, reason }: Invariant): Entry {
  const why = severity === "bad" && reason ? ` (${reason})` : "";
  const rule = title === name ? "" : `: ${title}`;
  return { kind: "invariant", severity, text: `${name} ${what}${rule}${why}` };
}
