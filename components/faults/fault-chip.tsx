"use client";
import { Zap } from "lucide-react";
import type { Fault } from "#contract/faults.ts";
import { useNow } from "../live/use-now.ts";
import { toFaultText } from "./to-fault-text.ts";

/** A fault on its target, counting down; outlined while it is only pending. */
export function FaultChip({ fault }: { fault: Fault }) {
  const now = useNow("tenth");
  return (
    <span className="fault-chip" data-fault={fault.type} data-state={fault.state}>
      <Zap size="0.95em" strokeWidth={2.6} aria-hidden="true" />
      {toFaultText(fault, now)}
    </span>
  );
}
