import type { CommandName } from "#contract/commands.ts";
import type { Fault } from "#contract/faults.ts";
import type { Component, Edge, System } from "#contract/state.ts";
import { toActions } from "../inspector/to-actions.ts";
import type { Command } from "../live/to-command-text.ts";
import { toCountdown } from "../ui/to-text.ts";

/** One line of the menu: what it is called, what will happen, and the command it sends. */
export type MenuItem = {
  id: string;
  label: string;
  effect: string;
  command: Command;
  harm: boolean;
};

/** The most useful faults of an edge, then what takes them back. */
export function toEdgeMenu(edge: Edge, faults: Fault[], leaseMs: number): MenuItem[] {
  const target = { edge: edge.id };
  const lease = `for ${toCountdown(leaseMs)}`;
  const add = (
    id: string,
    label: string,
    effect: string,
    input: Omit<Extract<Command, { name: "fault:add" }>["input"], "target" | "leaseMs">,
  ): MenuItem => ({
    id,
    label,
    effect: `${effect}, ${lease}`,
    command: { name: "fault:add", input: { target, leaseMs, ...input } },
    harm: true,
  });
  return [
    add("latency-1", "Latency 1 s", "every answer comes 1 s later", {
      type: "latency",
      attributes: { latency: 1_000 },
    }),
    add("latency-3", "Latency 3 s", "every answer comes 3 s later", {
      type: "latency",
      attributes: { latency: 3_000 },
    }),
    add("timeout", "Black hole", "answers never arrive", { type: "timeout", attributes: { timeout: 0 } }),
    add("down", "Down", "connections are refused", { type: "down" }),
    add("reset", "Reset", "connections are reset", { type: "reset_peer", attributes: { timeout: 0 } }),
    ...faults.map(
      (fault): MenuItem => ({
        id: `remove-${fault.id}`,
        label: `Remove ${fault.type.replace("_peer", "")}`,
        effect: "the line is as before",
        command: { name: "fault:remove", input: { id: fault.id } },
        harm: false,
      }),
    ),
  ];
}

const effects: Record<string, string> = {
  start: "it comes back in its place",
  kill: "SIGKILL: gone at once, nothing is tidied up",
  stop: "SIGTERM: it may finish what it does",
  pause: "frozen: its port is open, nothing answers",
  unpause: "it goes on where it froze",
  restart: "stopped and started again",
};

/** What can be done to a component; what cannot is left out of the menu, the inspector says why. */
export function toComponentMenu(component: Component, system: System | null): MenuItem[] {
  return toActions(component, system)
    .filter(({ reason }) => !reason)
    .map(({ action, label, harm }) => ({
      id: action,
      label,
      effect: effects[action] ?? "",
      command: { name: `component:${action}` as CommandName, input: { component: component.id } } as Command,
      harm,
    }));
}
