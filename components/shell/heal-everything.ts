import { sendCommand } from "../live/send-command.ts";
import { uiStore } from "../live/ui-store.ts";

/** After this long the proof is old news. */
const SHOWN_MS = 30_000;

/** Heals, and keeps what came of it for the heal button to show. A second press while it works does nothing. */
export async function healEverything(): Promise<void> {
  if (uiStore.getState().healed === "working") return;
  uiStore.setState({ healed: "working" });
  const answer = await sendCommand("heal:everything", {}, { quiet: true });
  const healed = answer.ok ? { healed: answer.healed, residue: answer.residue } : null;
  uiStore.setState({ healed });
  setTimeout(() => uiStore.setState((state) => (state.healed === healed ? { healed: null } : {})), SHOWN_MS);
}
