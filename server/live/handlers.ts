import type { z } from "zod";
import type { CommandName, CommandOutput, commands } from "#contract/commands.ts";
import type { System } from "../chaos/create-system.ts";
import type { Who } from "../chaos/who.ts";

/** One handler a command, used by the socket and by POST /api/commands alike. Refusals are thrown as AppErrors. */
export type Handlers = {
  [N in CommandName]: (input: z.output<(typeof commands)[N]["input"]>, by: Who) => Promise<CommandOutput<N>>;
};

export function createHandlers(system: System): Handlers {
  const { faults, policies } = system;
  const breakComponent = (type: "kill" | "stop" | "pause") => async (input: { component: string }, by: Who) => {
    await faults.add({ target: input, type }, by);
    return {};
  };
  const revive = (action: "start" | "unpause" | "restart") => async (input: { component: string }, by: Who) => {
    await system.revive(input.component, action, by);
    return {};
  };
  return {
    "component:kill": breakComponent("kill"),
    "component:stop": breakComponent("stop"),
    "component:pause": breakComponent("pause"),
    "component:start": revive("start"),
    "component:unpause": revive("unpause"),
    "component:restart": revive("restart"),
    "system:reset": async (_input, by) => {
      await system.reset(by);
      return {};
    },
    "heal:everything": (_input, by) => system.heal(by),
    "fault:add": (input, by) => faults.add(input, by),
    "fault:update": async ({ id, ...patch }, by) => {
      await faults.update(id, patch, by);
      return {};
    },
    "fault:remove": async ({ id }, by) => {
      await faults.remove(id, by);
      return {};
    },
    "policy:set": async (input, by) => {
      await policies.set(input, by);
      return {};
    },
    "policy:preset": async ({ name }, by) => {
      await policies.toPreset(name, by);
      return {};
    },
    "load:set": async ({ ratePerSecond }, by) => {
      await policies.setLoad(ratePerSecond, by);
      return {};
    },
  };
}
