import type { CommandAnswer, CommandInput, CommandName } from "./commands.ts";
import type { Delta, Snapshot } from "./state.ts";

/** Dashboard → browser. */
export type ServerEvents = {
  "state:snapshot": (snapshot: Snapshot) => void;
  "state:delta": (delta: Delta) => void;
};

/** Browser → dashboard: every command, acknowledged, and the request for a fresh snapshot after a gap. */
export type ClientEvents = {
  [N in CommandName]: (input: CommandInput<N>, answer: (answer: CommandAnswer<N>) => void) => void;
} & { "state:request": () => void };
