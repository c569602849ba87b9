"use client";
import Link from "next/link";
import type { Invariant } from "#contract/invariants.ts";

/** What violates a rule, each with the trace that shows how it came about. */
export function Offenders({ offenders }: Pick<Invariant, "offenders">) {
  const withTrace = offenders.filter(({ traceId }) => traceId);
  if (withTrace.length === 0) return null;
  return (
    <p className="flex flex-wrap gap-x-3">
      {withTrace.slice(0, 5).map(({ id, traceId }) => (
        <Link key={id} href={`/traces/${traceId}`} className="text-accent underline">
          trace of {id.slice(0, 8)}
        </Link>
      ))}
    </p>
  );
}
