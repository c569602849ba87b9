"use client";
import { toast } from "sonner";
import type { CommandAnswer, CommandInput, CommandName } from "#contract/commands.ts";
import { emitCommand } from "./connect.ts";
import type { LiveState } from "./live-state.ts";
import { liveStore } from "./live-store.ts";
import { type Command, toCommandText, toUndo } from "./to-command-text.ts";

/** A component may take its grace period to stop, and healing starts components. */
const SLOW_MS = 60_000;
const USUAL_MS = 15_000;

/**
 * Sends a command; a toast says what came of it, with Undo where there is one.
 * `quiet` leaves the success unsaid, for gestures that show themselves; `silent` leaves a refusal unsaid, where the caller
 * knows what to do about it.
 */
export async function sendCommand<N extends CommandName>(
  name: N,
  input: CommandInput<N>,
  { quiet = false, silent = false }: { quiet?: boolean; silent?: boolean } = {},
): Promise<CommandAnswer<N>> {
  const command = { name, input } as unknown as Command;
  const before = liveStore.getState();
  const slow = name.startsWith("component:") || name === "heal:everything" || name === "system:reset";
  const answer = await emitCommand(name, input, slow ? SLOW_MS : USUAL_MS);
  if (!answer.ok) {
    if (!silent) toast.error(answer.message);
    return answer;
  }
  if (!quiet) announce(command, answer as { id?: string }, before);
  return answer;
}

/** Says that a command was accepted, with Undo where there is one. A second toast of the same `toastId` takes its place. */
export function announce(command: Command, answer: { id?: string }, before: LiveState, toastId?: string): void {
  const undo = toUndo(command, answer, before);
  toast.success(toCommandText(command), {
    ...(toastId && { id: toastId }),
    ...(undo && {
      action: { label: "Undo", onClick: () => void sendCommand(undo.name, undo.input as never) },
    }),
  });
}
