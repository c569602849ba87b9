import { whyTrip } from "./judge.ts";
import type { BreakerSettings } from "./settings.ts";
import { addOutcome, type Counts, createWindow, noCalls, type Outcome } from "./window.ts";

/*
 * The machine: states and time. Whether calls are bad enough is the judge's business (judge.ts).
 *
 *             trips                openMs later, by timer
 *   closed ───────────▶ open ───────────────────────────▶ half_open ── probes good ──▶ closed (window cleared)
 *                         ▲────────── probes bad ────────────┘
 *
 * A call asks for a permit and tells how it ended, once. Permits of an earlier state count for nothing: a call that began
 * before the breaker opened is no probe. Semantics are resilience4j's for a time-based window, with `disabled` meaning off.
 */
export type BreakerStateName = "closed" | "open" | "half_open" | "forced_open" | "forced_closed" | "disabled";

type State = { since: number; reason: string } & (
  | { name: "closed" | "forced_closed" }
  | { name: "open"; until: number; decidedOn: Counts; timer: ReturnType<typeof setTimeout> }
  | { name: "half_open"; permitted: number; started: number; done: Counts }
  | { name: "forced_open" | "disabled" }
);

export type Permit = {
  /** The call ended. A call that took longer than `slowCallMs` is slow, whether it failed or not. */
  completed(outcome: { failed: boolean; durationMs: number }): void;
  /** The call never got an answer to judge: its caller gave up on it. Not counted; a probe's place is free again. */
  cancelled(): void;
};

export type Transition = {
  at: number;
  from: BreakerStateName;
  to: BreakerStateName;
  /** "opened: 14 of 20 failed, threshold 50 %" */
  reason: string;
  counts: Counts;
};

export type BreakerSnapshot = {
  name: string;
  state: BreakerStateName;
  /** Epoch ms. */
  since: number;
  reason: string;
  /** closed: the window; open: what it was decided on; half_open: the probes. */
  counts: Counts;
  refused: number;
  openUntil?: number;
  probes?: number;
  settings: BreakerSettings;
};

export type CircuitBreaker = {
  /** A permit, or null: refused. */
  acquire(): Permit | null;
  /** Takes effect at once; a change of mode or window begins with no calls counted. */
  configure(settings: BreakerSettings): void;
  snapshot(): BreakerSnapshot;
  /** Stops the timer. */
  close(): void;
};

const modeReasons = {
  auto: "closed: no calls counted yet",
  disabled: "disabled: every call passes, none is counted",
  forced_open: "forced open: every call is refused",
  forced_closed: "forced closed: every call passes, none trips it",
} as const;

export function createCircuitBreaker(
  name: string,
  initialSettings: BreakerSettings,
  onTransition: (transition: Transition) => void = () => {},
): CircuitBreaker {
  let settings = initialSettings;
  let window = createWindow(settings.windowMs);
  let refused = 0;
  let state = toModeState();

  function toModeState(): State {
    const name = settings.mode === "auto" ? "closed" : settings.mode;
    return { name, since: Date.now(), reason: modeReasons[settings.mode] };
  }

  /** The only writer of `state` after construction. */
  function enter(next: State) {
    const from = state.name;
    const counts = countsOf(state);
    if (state.name === "open") clearTimeout(state.timer);
    if (next.name === "closed" || next.name === "forced_closed") window = createWindow(settings.windowMs);
    state = next;
    onTransition({ at: next.since, from, to: next.name, reason: next.reason, counts });
  }

  function open(decidedOn: Counts, why: string) {
    const since = Date.now();
    const timer = setTimeout(halfOpen, settings.openMs);
    // An open breaker alone must not keep a process alive.
    timer.unref?.();
    enter({ name: "open", since, until: since + settings.openMs, decidedOn, timer, reason: `opened: ${why}` });
  }

  function halfOpen() {
    const since = Date.now();
    const permitted = settings.permittedProbes;
    const waitedMs = since - state.since;
    const reason = `half-open after ${(waitedMs / 1000).toFixed(1)} s: ${permitted} probes may pass`;
    enter({ name: "half_open", since, permitted, started: 0, done: noCalls, reason });
  }

  function countsOf(of: State): Counts {
    switch (of.name) {
      case "open":
        return of.decidedOn;
      case "half_open":
        return of.done;
      case "closed":
      case "forced_closed":
        return window.counts(Date.now());
      default:
        return noCalls;
    }
  }

  function record(outcome: Outcome) {
    const now = Date.now();
    if (state.name === "closed" || state.name === "forced_closed") {
      window.record(outcome, now);
      if (state.name === "forced_closed") return;
      const counts = window.counts(now);
      const why = whyTrip(counts, settings.minimumCalls, settings);
      if (why !== null) open(counts, why);
    } else if (state.name === "half_open") {
      state.done = addOutcome(state.done, outcome);
      if (state.done.calls < state.permitted) return;
      const why = whyTrip(state.done, 1, settings);
      if (why !== null) return open(state.done, `probes: ${why}`);
      const good = state.done.calls - state.done.failures;
      enter({ name: "closed", since: now, reason: `closed: ${good} of ${state.done.calls} probes succeeded` });
    }
  }

  function toPermit(issuedIn: State): Permit {
    let told = false;
    const once = (tell: () => void) => {
      if (told) return;
      told = true;
      if (state === issuedIn) tell();
    };
    return {
      completed: ({ failed, durationMs }) => once(() => record({ failed, slow: durationMs > settings.slowCallMs })),
      cancelled: () =>
        once(() => {
          if (state.name === "half_open") state.started -= 1;
        }),
    };
  }

  return {
    acquire() {
      if (state.name === "open" || state.name === "forced_open") {
        refused += 1;
        return null;
      }
      if (state.name === "half_open") {
        if (state.started >= state.permitted) {
          refused += 1;
          return null;
        }
        state.started += 1;
      }
      return toPermit(state);
    },
    configure(next) {
      const previous = settings;
      settings = next;
      if (next.windowMs !== previous.windowMs) window = createWindow(next.windowMs);
      if (next.mode !== previous.mode) enter(toModeState());
    },
    snapshot() {
      const { name: stateName, since, reason } = state;
      return {
        name,
        state: stateName,
        since,
        reason,
        counts: countsOf(state),
        refused,
        ...(state.name === "open" ? { openUntil: state.until } : {}),
        ...(state.name === "half_open" ? { probes: state.done.calls } : {}),
        settings,
      };
    },
    close() {
      if (state.name === "open") clearTimeout(state.timer);
    },
  };
}
