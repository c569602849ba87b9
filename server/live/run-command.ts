import { type CommandAnswer, type CommandName, commands } from "#contract/commands.ts";
import type { Refusal } from "#contract/errors.ts";
import type { Who } from "../chaos/who.ts";
import { AppError, toAppError, toRefusal } from "../lib/app-error.ts";
import type { Counters } from "../lib/counters.ts";
import type { Logger } from "../lib/logger.ts";
import { parseInput } from "../lib/parse-input.ts";
import type { Handlers } from "./handlers.ts";

/** Checks the input, runs the handler and answers; never throws. What nobody foresaw is logged and answered `internal`. */
export type RunCommand = (name: string, input: unknown, by: Who) => Promise<CommandAnswer<CommandName> | Refusal>;

export function createRunCommand(handlers: Handlers, counters: Counters, logger: Logger): RunCommand {
  return async (name, input, by) => {
    try {
      if (!isCommand(name))
        throw new AppError("not_found", `There is no command "${name}"; GET /api/schema lists them.`);
      const checked = parseInput<unknown>(commands[name].input, input ?? {}, name);
      const handler = handlers[name] as (input: unknown, by: Who) => Promise<object>;
      const output = await handler(checked, by);
      counters.add("faultline_commands_total", { name, outcome: "ok" });
      return { ok: true, ...output } as CommandAnswer<CommandName>;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === "internal") logger.error({ err: thrown, command: name }, "a command failed");
      counters.add("faultline_commands_total", { name: isCommand(name) ? name : "unknown", outcome: error.code });
      return toRefusal(error);
    }
  };
}

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
