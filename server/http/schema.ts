import { z } from "zod";
import { commands } from "#contract/commands.ts";
import { snapshot } from "#contract/state.ts";

/** GET /api/schema: every command's input and output, and the snapshot, as JSON Schema. */
export function toSchema(): object {
  const entries = Object.entries(commands).map(([name, { input, output }]) => [
    name,
    { input: z.toJSONSchema(input, { io: "input" }), output: z.toJSONSchema(output) },
  ]);
  return { commands: Object.fromEntries(entries), snapshot: z.toJSONSchema(snapshot) };
}
