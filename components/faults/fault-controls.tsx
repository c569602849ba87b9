"use client";
import type { Fault, FaultType } from "#contract/faults.ts";
import { sendCommand } from "../live/send-command.ts";
import { useUi } from "../live/ui-store.ts";
import { useFaultsOn } from "../live/use-live.ts";
import { Button } from "../ui/button.tsx";
import { FaultList } from "./fault-list.tsx";
import { LatencyControl } from "./latency-control.tsx";

type Offer = { type: FaultType; label: string; effect: string; attributes?: Fault["attributes"]; rate?: number };

const onAnyLine: Offer[] = [
  { type: "timeout", label: "Black hole", effect: "Answers never arrive", attributes: { timeout: 0 } },
  { type: "down", label: "Down", effect: "Connections are refused" },
  { type: "reset_peer", label: "Reset", effect: "Connections are reset", attributes: { timeout: 0 } },
];
const onHttpLines: Offer[] = [
  { type: "http_error", label: "50 % errors", effect: "Every other request, by chance, is answered 503", rate: 0.5 },
  { type: "http_error", label: "All errors", effect: "Every request is answered 503 without being passed on" },
  { type: "reply_lost", label: "Reply lost", effect: "The callee does the work; its answer never arrives" },
];

/** Everything that can be broken on a line, and what is broken now. */
export function FaultControls({ edge, protocol }: { edge: string; protocol: string }) {
  const faults = useFaultsOn(edge);
  const leaseMs = useUi((state) => state.leaseMs);
  const holds = (type: string) => faults.some((fault) => fault.type === type);
  const row = (offers: Offer[]) => (
    <div className="flex items-center gap-2">
      {offers.map(({ type, label, effect, attributes = {}, rate = 1 }) => (
        <Button
          key={label}
          tone="harm"
          data-testid={`fault-${type}${rate < 1 ? "-some" : ""}`}
          className="flex-1"
          disabled={holds(type)}
          title={holds(type) ? "It holds already" : effect}
          onClick={() => void sendCommand("fault:add", { target: { edge }, type, attributes, rate, leaseMs })}
        >
          {label}
        </Button>
      ))}
    </div>
  );
  return (
    <div className="space-y-3">
      <LatencyControl edge={edge} />
      {row(onAnyLine)}
      {protocol === "http" && row(onHttpLines)}
      <FaultList target={edge} />
    </div>
  );
}
