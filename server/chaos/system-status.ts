import type { ComponentState, System } from "#contract/state.ts";

export type SeenComponent = { id: string; state: ComponentState; detail?: string; wasRunning: boolean };

/**
 * The system's status and its one sentence, from what the runtime said last of each component.
 * `calm` is what is said when all run: "local processes (no Docker engine answered), 15 components".
 */
export function toStatus(components: SeenComponent[], calm: string): Pick<System, "status" | "message"> {
  const down = components.filter(({ state }) => state !== "running");
  if (down.length === 0) return { status: "running", message: calm };
  const total = components.length;
  if (components.some(({ wasRunning }) => !wasRunning)) {
    const slowest = down.find(({ detail }) => detail) ?? down[0];
    const doing = slowest?.detail ? `${slowest.id}: ${slowest.detail}` : `waiting for ${slowest?.id}`;
    return { status: "starting", message: `starting ${total - down.length} of ${total}; ${doing}` };
  }
  return { status: "degraded", message: down.map(({ id, state }) => `${id} is ${state}`).join(", ") };
}
