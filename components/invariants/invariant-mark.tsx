"use client";
import { Check, Hourglass, X } from "lucide-react";
import type { Invariant } from "#contract/invariants.ts";

const looks = {
  holds: { Icon: Check, look: "border-line text-ink [&>svg]:text-ok" },
  waiting: { Icon: Hourglass, look: "border-degraded bg-degraded-ground text-ink [&>svg]:text-degraded" },
  broken: { Icon: X, look: "border-failing bg-failing-ground text-ink [&>svg]:text-failing" },
} as const;

/** One rule: its short name and its state, by colour, by shape, and in words for whoever asks. */
export function InvariantMark({ invariant: { name, title, state, violations } }: { invariant: Invariant }) {
  const { Icon, look } = looks[state];
  return (
    <li
      data-testid={`invariant-${name}`}
      data-state={state}
      title={`${title}: ${state}`}
      className={`flex items-center gap-1 rounded-md border px-2 py-0.5 font-semibold ${look}`}
    >
      <Icon size="1em" strokeWidth={3} aria-label={state} />
      {name}
      {violations > 0 && <span className="font-normal">{violations}</span>}
    </li>
  );
}
