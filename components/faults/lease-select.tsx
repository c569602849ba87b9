"use client";
import { sendCommand } from "../live/send-command.ts";
import { uiStore, useUi } from "../live/ui-store.ts";
import { useFaultsOn } from "../live/use-live.ts";
import { Select } from "../ui/select.tsx";

const leases: [string, number][] = [
  ["10 s", 10_000],
  ["30 s", 30_000],
  ["60 s", 60_000],
  ["5 min", 300_000],
];

/** How long faults last: the next ones, and from now on those that hold here already. */
export function LeaseSelect({ target }: { target: string }) {
  const leaseMs = useUi((state) => state.leaseMs);
  const faults = useFaultsOn(target);
  const change = (next: number) => {
    uiStore.setState({ leaseMs: next });
    for (const { id } of faults) void sendCommand("fault:update", { id, leaseMs: next }, { quiet: true });
  };
  return (
    <Select
      label="each ends after"
      data-testid="lease-select"
      value={leaseMs}
      onChange={(event) => change(Number(event.target.value))}
    >
      {leases.map(([name, ms]) => (
        <option key={ms} value={ms}>
          {name}
        </option>
      ))}
    </Select>
  );
}
