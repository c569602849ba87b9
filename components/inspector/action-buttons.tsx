"use client";
import type { Component } from "#contract/state.ts";
import { sendCommand } from "../live/send-command.ts";
import { useSystem } from "../live/use-live.ts";
import { Button } from "../ui/button.tsx";
import { toActions } from "./to-actions.ts";

/** All six actions, always in the same place; what cannot be done now is disabled and says why. */
export function ActionButtons({ component }: { component: Component }) {
  const system = useSystem();
  return (
    <div className="grid grid-cols-3 gap-2">
      {toActions(component, system).map(({ action, label, harm, reason }) => (
        <Button
          key={action}
          tone={harm ? "harm" : "plain"}
          data-testid={`action-${action}`}
          disabled={reason !== undefined}
          title={reason}
          onClick={() => void sendCommand(`component:${action}`, { component: component.id })}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}
