"use client";
import { useFaultsOn } from "../live/use-live.ts";
import { ActiveFault } from "./active-fault.tsx";

/** The faults that hold or are pending on a component or edge; nothing when there are none. */
export function FaultList({ target }: { target: string }) {
  const faults = useFaultsOn(target);
  if (faults.length === 0) return null;
  return (
    <ul aria-label="Faults" className="space-y-2">
      {faults.map((fault) => (
        <ActiveFault key={fault.id} fault={fault} />
      ))}
    </ul>
  );
}
