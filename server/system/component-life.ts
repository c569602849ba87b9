import type { ComponentAction, ComponentState } from "#contract/state.ts";
import { AppError } from "../lib/app-error.ts";
import type { RuntimeEvent } from "./runtime.ts";

/*
 * The life of one component, the same in every runtime. The runtime says what happened; this says which state that is.
 *
 *   waiting ─▶ starting ─ its port opens ─▶ running ◀─▶ paused          what ends it decides the ghost:
 *                 ▲                            │                          after our stop       stopped
 *                 └──── start, restart ────────┴─▶ (stopping) ─▶ ghost    our kill, or 137     killed
 *                                                                         anything else        exited
 */
export type ComponentLife = {
  state(): ComponentState;
  /** Throws AppError `conflict` where the action makes no sense in this state. */
  check(action: ComponentAction): void;
  /** Why it is going to end, said before it is told so; null takes that back. */
  intend(end: "kill" | "stop" | null): void;
  waiting(detail?: string): void;
  /** It has begun to run. Ready at once without a probe, else when that says so, or somebody calls ready(). */
  started(probe: Probe | null): void;
  ready(): void;
  paused(): void;
  unpaused(): void;
  /** `detail` says how, where the exit code alone does not. */
  ended(exitCode: number | null, detail?: string): void;
  /** Stops asking whether it is ready. */
  close(): void;
};

/** Whether the component answers at its first port. */
export type Probe = (signal: AbortSignal) => Promise<boolean>;

/** After this long without an answer the wait is told, and asked for less often. */
export const SLOW_START_MS = 60_000;
const SLOW_POLL_MS = 1_000;

const allowed: Record<ComponentAction, readonly ComponentState[]> = {
  start: ["waiting", "stopped", "killed", "exited"],
  stop: ["starting", "running", "paused"],
  kill: ["starting", "running", "paused", "stopping"],
  pause: ["starting", "running"],
  unpause: ["paused"],
  restart: ["starting", "running", "paused", "stopped", "killed", "exited"],
};
const words: Record<ComponentAction, string> = {
  start: "started",
  stop: "stopped",
  kill: "killed",
  pause: "paused",
  unpause: "resumed",
  restart: "restarted",
};

export function createComponentLife(
  component: string,
  pollMs: number,
  emit: (event: RuntimeEvent & { type: "state" }) => void,
): ComponentLife {
  let state: ComponentState = "waiting";
  let intent: "kill" | "stop" | null = null;
  let probing: Probe | null = null;
  let isReady = false;
  let polling = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  function stopPolling(): void {
    polling.abort();
    clearTimeout(timer);
  }

  function enter(next: ComponentState, more: { exitCode?: number | null; detail?: string | undefined } = {}): void {
    state = next;
    const { exitCode, detail } = more;
    emit({
      type: "state",
      component,
      at: Date.now(),
      state,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(detail ? { detail } : {}),
    });
  }

  function awaitReady(): void {
    stopPolling();
    polling = new AbortController();
    enter("starting");
    if (probing === null) life.ready();
    else void poll(probing, polling.signal);
  }

  async function poll(probe: Probe, signal: AbortSignal): Promise<void> {
    const slowAt = Date.now() + SLOW_START_MS;
    let told = false;
    while (!signal.aborted) {
      const open = await probe(signal).catch(() => false);
      if (signal.aborted) return;
      if (open) return life.ready();
      const slow = Date.now() >= slowAt;
      if (slow && !told) enter("starting", { detail: `not ready after ${SLOW_START_MS / 1_000} s` });
      told ||= slow;
      await new Promise((resolve) => {
        timer = setTimeout(resolve, slow ? SLOW_POLL_MS : pollMs);
      });
    }
  }

  const life: ComponentLife = {
    state: () => state,
    check(action) {
      if (allowed[action].includes(state)) return;
      throw new AppError("conflict", `${component} cannot be ${words[action]} while it is ${state}.`);
    },
    intend(end) {
      intent = end;
      // It was not told to stop after all, and runs on.
      if (end === null && state === "stopping") awaitReady();
      if (end === "stop" && (state === "starting" || state === "running" || state === "paused")) {
        stopPolling();
        enter("stopping");
      }
    },
    waiting: (detail) => enter("waiting", { detail }),
    started(probe) {
      intent = null;
      probing = probe;
      isReady = false;
      awaitReady();
    },
    ready() {
      if (state !== "starting") return;
      stopPolling();
      isReady = true;
      enter("running");
    },
    paused() {
      if (state === "paused") return;
      stopPolling();
      enter("paused");
    },
    unpaused() {
      if (state !== "paused") return;
      if (isReady) enter("running");
      else awaitReady();
    },
    ended(exitCode, detail) {
      stopPolling();
      const cause = intent;
      intent = null;
      if (cause === "stop") {
        enter("stopped", {
          exitCode,
          detail: detail ?? (exitCode === 137 ? "did not end in its grace period" : undefined),
        });
      } else if (cause === "kill" || exitCode === 137) {
        enter("killed", { exitCode, detail });
      } else {
        enter("exited", { exitCode, detail: detail ?? (exitCode === null ? undefined : `exit code ${exitCode}`) });
      }
    },
    close: stopPolling,
  };
  return life;
}
