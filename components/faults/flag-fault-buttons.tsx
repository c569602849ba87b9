"use client";
import type { FlagFaultType } from "#contract/faults.ts";
import { sendCommand } from "../live/send-command.ts";
import { useUi } from "../live/ui-store.ts";
import { useFaultsOn } from "../live/use-live.ts";
import { Button } from "../ui/button.tsx";
import { LeaseSelect } from "./lease-select.tsx";
import { flagFaultOffers } from "./to-fault-menu.ts";

/** What the component itself does wrong when it is told to: messaging and load faults. */
export function FlagFaultButtons({ component, obeys }: { component: string; obeys: FlagFaultType[] }) {
  const faults = useFaultsOn(component);
  const leaseMs = useUi((state) => state.leaseMs);
  const holds = (type: string) => faults.some((fault) => fault.type === type);
  return (
    <div className="space-y-2">
      <div className="flex justify-end">
        <LeaseSelect target={component} />
      </div>
      <div className="grid grid-cols-2 gap-2">
        {obeys.map((type) => {
          const { label, effect, attributes, rate } = flagFaultOffers[type];
          return (
            <Button
              key={type}
              tone="harm"
              data-testid={`fault-${type}`}
              disabled={holds(type)}
              title={holds(type) ? "It holds already" : effect}
              onClick={() => void sendCommand("fault:add", { target: { component }, type, attributes, rate, leaseMs })}
            >
              {label}
            </Button>
          );
        })}
      </div>
    </div>
  );
}
