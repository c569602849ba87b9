import { sendCommand } from "../live/send-command.ts";
import { uiStore } from "../live/ui-store.ts";

/** Heals, and keeps what came of it for the heal button to show. A second press while it works does nothing. */
export async function healEverything(): Promise<void> {
  if (uiStore.getState().healed === "working") return;
  uiStore.setState({ healed: "working" });
  const answer = await sendCommand("heal:everything", {}, { quiet: true });
  uiStore.setState({ healed: answer.ok ? { healed: answer.healed, residue: answer.residue } : null });
}
