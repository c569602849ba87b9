import type { CommandName } from "#contract/commands.ts";
import type { Fault, FlagFaultType } from "#contract/faults.ts";
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
    ...(edge.protocol === "http"
      ? [
          add("errors", "50 % errors", "every other request is answered 503", { type: "http_error", rate: 0.5 }),
          add("reply-lost", "Reply lost", "the work is done, the answer never arrives", { type: "reply_lost" }),
        ]
      : []),
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

/** What a component can be told to do wrong. */
export const flagFaultOffers: Record<
  FlagFaultType,
  { label: string; effect: string; attributes: Fault["attributes"]; rate: number }
> = {
  consumer_paused: { label: "Pause consumer", effect: "takes no messages, its queue grows", attributes: {}, rate: 1 },
  duplicate_delivery: {
    label: "50 % duplicates",
    effect: "every other message comes twice",
    attributes: {},
    rate: 0.5,
  },
  crash_before_ack: {
    label: "Crash before ack",
    effect: "dies after its next message is done, before it says so",
    attributes: {},
    rate: 1,
  },
  poison_message: { label: "Poison message", effect: "one message that nobody understands", attributes: {}, rate: 1 },
  load_burst: { label: "Load × 4", effect: "asks four times as often", attributes: { factor: 4 }, rate: 1 },
};

/** What can be done to a component; what cannot is left out of the menu, the inspector says why. */
export function toComponentMenu(component: Component, system: System | null, leaseMs: number): MenuItem[] {
  const actions = toActions(component, system)
    .filter(({ reason }) => !reason)
    .map(({ action, label, harm }) => ({
      id: action,
      label,
      effect: effects[action] ?? "",
      command: { name: `component:${action}` as CommandName, input: { component: component.id } } as Command,
      harm,
    }));
  const flags = (component.obeys ?? []).map((type): MenuItem => {
    const { label, effect, attributes, rate } = flagFaultOffers[type];
    const input = { target: { component: component.id }, type, attributes, rate, leaseMs };
    return {
      id: type,
      label,
      effect: `${effect}, for ${toCountdown(leaseMs)}`,
      command: { name: "fault:add", input },
      harm: true,
    };
  });
  return [...actions, ...flags];
}
