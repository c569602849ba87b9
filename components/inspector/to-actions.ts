import type { Component, ComponentAction, System } from "#contract/state.ts";

export type ActionButton = {
  action: ComponentAction;
  label: string;
  harm: boolean;
  /** Why it cannot be done now or here; absent when it can. */
  reason?: string;
};

const labels: [ComponentAction, string, boolean][] = [
  ["start", "Start", false],
  ["kill", "Kill", true],
  ["stop", "Stop", true],
  ["pause", "Pause", true],
  ["unpause", "Unpause", false],
  ["restart", "Restart", true],
];

/** Every action in a fixed order; those that cannot be done carry the reason instead of being hidden. */
export function toActions(component: Component, system: Pick<System, "unavailableActions"> | null): ActionButton[] {
  return labels.map(([action, label, harm]) => {
    const reason = system?.unavailableActions[action] ?? toReason(component, action);
    return { action, label, harm, ...(reason && { reason }) };
  });
}

function toReason({ id, state }: Component, action: ComponentAction): string | undefined {
  const gone = state === "stopped" || state === "killed" || state === "exited";
  switch (action) {
    case "start":
      return gone ? undefined : `${id} is ${state}`;
    case "unpause":
      return state === "paused" ? undefined : `${id} is not paused`;
    case "pause":
      return state === "running" ? undefined : `${id} is ${state}`;
    case "restart":
      return state === "running" || gone ? undefined : `${id} is ${state}`;
    default:
      return gone || state === "waiting" || state === "stopping" ? `${id} is ${state}` : undefined;
  }
}
