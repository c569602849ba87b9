"use client";
import type { Fault } from "#contract/faults.ts";
import { sendCommand } from "../live/send-command.ts";
import { useUi } from "../live/ui-store.ts";
import { Button } from "../ui/button.tsx";
import { FaultChip } from "./fault-chip.tsx";

/** One fault that holds or is pending: extend its lease, or end it. */
export function ActiveFault({ fault }: { fault: Fault }) {
  const leaseMs = useUi((state) => state.leaseMs);
  return (
    <li
      data-testid="active-fault"
      data-fault={fault.type}
      data-state={fault.state}
      className="flex flex-wrap items-center gap-2"
    >
      <FaultChip fault={fault} />
      <Button
        className="ml-auto"
        title="The whole lease from now on"
        onClick={() => void sendCommand("fault:update", { id: fault.id, leaseMs }, { quiet: true })}
      >
        Extend
      </Button>
      <Button data-testid="remove-fault" onClick={() => void sendCommand("fault:remove", { id: fault.id })}>
        Remove
      </Button>
    </li>
  );
}
