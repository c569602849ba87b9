import type { ComponentState, System } from "#contract/state.ts";

export type SeenComponent = { id: string; state: ComponentState; detail?: string; wasRunning: boolean };

/** Enough for one line of a terminal, or of the map. */
const MOST_REASON_CHARS = 160;

/**
 * The system's status and its one sentence, from what the runtime said last of each component.
 * `calm` is what is said when all run: "local processes (no Docker engine answered), 15 components".
 */
export function toStatus(components: SeenComponent[], calm: string): Pick<System, "status" | "message"> {
  const notRunning = components.filter(({ state }) => state !== "running");
  const coming = notRunning.filter((component) => isComing(component));
  if (coming.length > 0) {
    const total = components.length;
    const slowest = coming.find(({ detail }) => detail) ?? coming[0];
    const doing = slowest?.detail ? `${slowest.id}: ${slowest.detail}` : `waiting for ${slowest?.id}`;
    return { status: "starting", message: `starting ${total - notRunning.length} of ${total}; ${doing}` };
  }
  if (notRunning.length === 0) return { status: "running", message: calm };
  const down = notRunning.map(({ id, state }) => `${id} is ${state}`).join(", ");
  // Nobody asked for that: the first one's reason often is the reason of all.
  const why = notRunning.find(({ state, detail }) => state === "exited" && detail)?.detail;
  return { status: "degraded", message: why ? `${down} (${why.slice(0, MOST_REASON_CHARS)})` : down };
}

/** On its way up for the first time. */
function isComing({ state, wasRunning }: SeenComponent): boolean {
  return !wasRunning && (state === "waiting" || state === "starting");
}
