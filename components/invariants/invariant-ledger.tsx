"use client";
import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Invariant } from "#contract/invariants.ts";
import { useLive } from "../live/use-live.ts";
import { useNow } from "../live/use-now.ts";
import { toAge } from "../ui/to-text.ts";
import { InvariantMark } from "./invariant-mark.tsx";
import { Offenders } from "./offenders.tsx";
import { toLedgerText } from "./to-ledger-text.ts";

/**
 * The rules that the system says must hold, one mark each; what does not hold is told in words below without a click.
 * Nothing where a system reports none.
 */
export function InvariantLedger() {
  const invariants = useLive((state) => state.invariants);
  const [open, setOpen] = useState(false);
  const all = Object.values(invariants).sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  if (all.length === 0) return null;
  const shown = open ? all : all.filter(({ state }) => state !== "holds");
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <section aria-label="Invariants" data-testid="invariants" className="border-b-2 border-line px-4 pt-3 pb-2">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center justify-between text-left"
      >
        <h2 className="text-sm font-semibold text-muted">Invariants · {toLedgerText(all)}</h2>
        <Chevron size="1.1em" aria-hidden="true" className="text-muted" />
      </button>
      <ol className="mt-1.5 flex flex-wrap gap-1.5">
        {all.map((invariant) => (
          <InvariantMark key={invariant.name} invariant={invariant} />
        ))}
      </ol>
      {shown.length > 0 && (
        <ul className="mt-2 max-h-64 space-y-2 overflow-y-auto">
          {shown.map((invariant) => (
            <Explained key={invariant.name} invariant={invariant} />
          ))}
        </ul>
      )}
    </section>
  );
}

const colours = { holds: "text-ok", waiting: "text-degraded", broken: "text-failing" } as const;

function Explained({ invariant }: { invariant: Invariant }) {
  const { name, title, state, since, reason, offenders } = invariant;
  const now = useNow("second");
  return (
    <li data-testid={`invariant-${name}-text`}>
      <p>
        <strong className={colours[state]}>
          {name} {state}
        </strong>{" "}
        <span className="text-muted">for {toAge(now - since)}</span>
      </p>
      <p>{title}</p>
      {reason && <p className="text-muted">{reason}</p>}
      <Offenders offenders={offenders} />
    </li>
  );
}
