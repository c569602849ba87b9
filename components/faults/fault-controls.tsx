"use client";
import { sendCommand } from "../live/send-command.ts";
import { useUi } from "../live/ui-store.ts";
import { useFaultsOn } from "../live/use-live.ts";
import { Button } from "../ui/button.tsx";
import { FaultList } from "./fault-list.tsx";
import { LatencyControl } from "./latency-control.tsx";

const buttons = [
  { type: "timeout", label: "Black hole", effect: "Answers never arrive", attributes: { timeout: 0 } },
  { type: "down", label: "Down", effect: "Connections are refused", attributes: {} },
  { type: "reset_peer", label: "Reset", effect: "Connections are reset", attributes: { timeout: 0 } },
] as const;

/** Everything that can be broken on a line, and what is broken now. */
export function FaultControls({ edge }: { edge: string }) {
  const faults = useFaultsOn(edge);
  const leaseMs = useUi((state) => state.leaseMs);
  const holds = (type: string) => faults.some((fault) => fault.type === type);
  return (
    <div className="space-y-3">
      <LatencyControl edge={edge} />
      <div className="flex items-center gap-2">
        {buttons.map(({ type, label, effect, attributes }) => (
          <Button
            key={type}
            tone="harm"
            data-testid={`fault-${type}`}
            className="flex-1"
            disabled={holds(type)}
            title={holds(type) ? "It holds already" : effect}
            onClick={() => void sendCommand("fault:add", { target: { edge }, type, attributes, leaseMs })}
          >
            {label}
          </Button>
        ))}
      </div>
      <FaultList target={edge} />
    </div>
  );
}
