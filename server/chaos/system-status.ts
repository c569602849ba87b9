import type { ComponentState, System } from "#contract/state.ts";

export type SeenComponent = { id: string; state: ComponentState; detail?: string; wasRunning: boolean };

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
  return { status: "degraded", message: notRunning.map(({ id, state }) => `${id} is ${state}`).join(", ") };
}

/** On its way up for the first time. */
function isComing({ state, wasRunning }: SeenComponent): boolean {
  return !wasRunning && (state === "waiting" || state === "starting");
}
