import type { ComponentState, LogEntry } from "#contract/state.ts";
import type { RuntimeEvent } from "../system/runtime.ts";
import { toDuration } from "./to-words.ts";

type StateEvent = Extract<RuntimeEvent, { type: "state" }>;

/** What the runtime has told of a component. */
export type ComponentLife = {
  state: ComponentState;
  /** When this state began. */
  since: number;
  exitCode?: number | null;
  detail?: string;
  /** How often it was started again after it had ended. */
  restarts: number;
  /** When it last ceased to run; null while it runs and before it first did. */
  awaySince: number | null;
};

export const newLife = (at: number): ComponentLife => ({ state: "waiting", since: at, restarts: 0, awaySince: null });

const ended = new Set<ComponentState>(["stopping", "stopped", "killed", "exited"]);

export function isDown(state: ComponentState): boolean {
  return ended.has(state);
}

/** The life after an event, and what the event list says of it, if anything. */
export function nextLife(
  id: string,
  life: ComponentLife,
  event: StateEvent,
): { life: ComponentLife; entry: Omit<LogEntry, "id" | "at"> | null } {
  const { state, at } = event;
  const next: ComponentLife = {
    state,
    since: state === life.state ? life.since : at,
    restarts: life.restarts,
    awaySince: life.awaySince,
    ...(event.detail !== undefined && { detail: event.detail }),
    ...(isDown(state) && state !== "stopping" && event.exitCode !== undefined && { exitCode: event.exitCode }),
  };
  if (state === life.state) {
    if (next.exitCode === undefined && life.exitCode !== undefined) next.exitCode = life.exitCode;
    return { life: next, entry: null };
  }
  if (isDown(life.state) && (state === "starting" || state === "running")) next.restarts++;
  if (life.state === "running") next.awaySince = at;
  if (state === "running") next.awaySince = null;
  const line = toLine(id, life, next);
  return { life: next, entry: line && { kind: "component", component: id, ...line } };
}

function toLine(id: string, before: ComponentLife, now: ComponentLife): Pick<LogEntry, "severity" | "text"> | null {
  const how = [
    ...(typeof now.exitCode === "number" ? [` · exit ${now.exitCode}`] : []),
    ...(now.detail ? [` (${now.detail})`] : []),
  ].join("");
  const away = before.awaySince === null ? null : toDuration(now.since - before.awaySince);
  switch (now.state) {
    case "killed":
      return { severity: "bad", text: `${id} was killed${how}` };
    case "exited":
      return { severity: "bad", text: `${id} ended by itself${how}` };
    case "stopped":
      return { severity: "warning", text: `${id} was stopped${how}` };
    case "paused":
      return { severity: "warning", text: `${id} is paused${how}` };
    case "running":
      if (away === null) return { severity: "info", text: `${id} is running` };
      if (before.state === "paused") return { severity: "good", text: `${id} goes on after ${away}` };
      return { severity: "good", text: `${id} is running again after ${away}` };
    default:
      return null;
  }
}
