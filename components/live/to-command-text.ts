import type { CommandInput, CommandName } from "#contract/commands.ts";
import { toFaultTypeText } from "../faults/to-fault-text.ts";
import type { LiveState } from "./live-state.ts";

/** A command with its input, as data. */
export type Command = { [N in CommandName]: { name: N; input: CommandInput<N> } }[CommandName];

/** What the toast says when a command was accepted. */
export function toCommandText({ name, input }: Command): string {
  switch (name) {
    case "component:start":
      return `${input.component} is being started`;
    case "component:stop":
      return `${input.component} stopped`;
    case "component:kill":
      return `${input.component} killed`;
    case "component:pause":
      return `${input.component} paused`;
    case "component:unpause":
      return `${input.component} goes on`;
    case "component:restart":
      return `${input.component} restarted`;
    case "fault:add":
      return `${toFaultTypeText(input.type, input.attributes ?? {})} on ${toTargetText(input.target)}`;
    case "fault:update":
      return "Fault changed";
    case "fault:remove":
      return "Fault removed";
    case "policy:set":
      return `${toPolicyText(input.policy)} of ${toTargetText(input.edge ?? input.component ?? "")} set`;
    case "policy:preset":
      return `Policies set to ${input.name}`;
    case "load:set":
      return `Load set to ${input.ratePerSecond}/s`;
    case "heal:everything":
      return "Healing everything";
    case "system:reset":
      return "System reset";
  }
}

/** What takes a command back, or null where nothing does. `answer` is the command's own, `before` the picture when it was sent. */
export function toUndo({ name, input }: Command, answer: { id?: string }, before: LiveState): Command | null {
  switch (name) {
    case "component:stop":
    case "component:kill":
      return { name: "component:start", input };
    case "component:pause":
      return { name: "component:unpause", input };
    case "component:unpause":
      return { name: "component:pause", input };
    case "fault:add":
      return answer.id ? { name: "fault:remove", input: { id: answer.id } } : null;
    case "policy:set": {
      const policies = input.edge
        ? before.edges[input.edge]?.policies
        : before.components[input.component ?? ""]?.policies;
      const value = (policies as Record<string, Record<string, unknown>> | undefined)?.[input.policy];
      return value ? { name, input: { ...input, value } } : null;
    }
    case "policy:preset":
      return before.system?.preset && before.system.preset !== input.name
        ? { name, input: { name: before.system.preset } }
        : null;
    case "load:set":
      return before.system?.loadRatePerSecond != null
        ? { name, input: { ratePerSecond: before.system.loadRatePerSecond } }
        : null;
    default:
      return null;
  }
}

function toTargetText(target: string | { edge: string } | { component: string }): string {
  const id = typeof target === "string" ? target : "edge" in target ? target.edge : target.component;
  return id.replace("->", " → ");
}

/** "circuitBreaker" → "circuit breaker". */
export function toPolicyText(policy: string): string {
  return policy.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
