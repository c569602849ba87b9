import type { LogLine } from "#contract/logs.ts";
import type { ComponentAction, ComponentState, RuntimeKind } from "#contract/state.ts";
import type { InterposedSystem, SystemModel, Wiring } from "./model.ts";

/*
 * The port behind which the system runs: containers, or local processes. One life:
 *
 *   prepare(model) ─▶ startAgent() ─▶ [agent gets its listeners] ─▶ up(system) ─▶ start/stop/kill/pause/… ─▶ down()
 *
 * Everything that happens to a component arrives through onEvent, whoever caused it, and nothing is reported before it
 * has happened. A method resolves when the runtime has done the thing, and rejects with an AppError.
 */
export type Runtime = {
  readonly kind: RuntimeKind;
  /** Actions that cannot be done here, with the reason, shown in the UI. */
  readonly unavailableActions: Partial<Record<ComponentAction, string>>;

  /** Clears what an earlier run with the same name left, gets images or folders ready, and says where everything will be. */
  prepare(model: SystemModel, signal: AbortSignal): Promise<Wiring>;
  /** Starts (or starts again) the agent; resolves when its control port answers. */
  startAgent(): Promise<{ controlUrl: string }>;
  /** Begins to start every component; progress and readiness arrive as events. Resolves when all have been told to start. */
  up(system: InterposedSystem): Promise<void>;

  act(component: string, action: ComponentAction): Promise<void>;
  /** The newest `lines` lines of output, oldest first. */
  logs(component: string, lines: number): Promise<LogLine[]>;
  /** Ends everything that this runtime started, components and agent, and removes what it made. Safe to call at any time, twice. */
  down(): Promise<void>;

  onEvent(listener: (event: RuntimeEvent) => void): void;
  /** Processes to end if no dashboard comes back; empty where the runtime needs none. */
  orphans(): { pid: number; startedAt: string }[];
};

export type RuntimeEvent =
  | {
      type: "state";
      component: string;
      at: number;
      state: ComponentState;
      /** With stopped, killed and exited: the code as a shell sees it, 137 after SIGKILL; null where unknown. */
      exitCode?: number | null;
      /** "building the image", "waiting for rabbitmq", "out of memory". */
      detail?: string;
    }
  /** About once a second and component, where the runtime measures it. */
  | { type: "stats"; component: string; at: number; cpuRatio: number; memoryBytes: number }
  /** The agent ended; the dashboard starts it again. */
  | { type: "agent-exit"; at: number; exitCode: number | null }
  /** Progress of what is not a component: pulling or building images. */
  | { type: "progress"; at: number; text: string };
