"use client";
import type { ComponentPolicies } from "#contract/policies.ts";
import { sendCommand } from "../live/send-command.ts";
import { NumberField } from "../ui/number-field.tsx";

type Capacity = NonNullable<ComponentPolicies["capacity"]>;

/** How much a component can do at once, and how long each thing takes it. */
export function CapacityPolicy({ component, value }: { component: string; value: Capacity }) {
  const set = (change: Partial<Capacity>) =>
    void sendCommand("policy:set", { component, policy: "capacity", value: { ...value, ...change } });
  return (
    <div className="flex flex-wrap justify-between gap-2">
      <NumberField
        label="workers"
        value={value.workers}
        min={1}
        max={10_000}
        onCommit={(workers) => set({ workers })}
      />
      <NumberField
        label="each call"
        unit="ms"
        value={value.serviceTimeMs}
        min={0}
        max={60_000}
        onCommit={(serviceTimeMs) => set({ serviceTimeMs })}
      />
    </div>
  );
}
