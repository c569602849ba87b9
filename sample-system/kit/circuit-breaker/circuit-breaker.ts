import type { CircuitBreaker, Permit, Transition } from "./breaker.ts";
import type { Ending, Judge } from "./judges/judge.ts";
import { judges } from "./judges/judges.ts";
import type { BreakerSettings } from "./settings.ts";
import { addCounts, type Counts, noCalls } from "./window.ts";

/*
 * The machine: states and time. What is counted, and whether it is bad enough, is the business of a judge, one for each
 * library whose rules can be followed (judges/).
 *
 *             trips                openMs later, by timer or by the next call
 *   closed ───────────▶ open ───────────────────────────────────────────────────▶ half_open ── probes good ──▶ closed
 *                         ▲───────────────────────── probes bad ────────────────────┘
 *
 * A call asks for a permit and tells how it ended, once. `disabled` means off: nothing is counted.
 */
type State = { since: number; reason: string } & (
  | { name: "closed" | "forced_closed" }
  | { name: "open"; until: number; decidedOn: Counts }
  | { name: "half_open"; permitted: number; started: number; done: Counts }
  | { name: "forced_open" | "disabled" }
);

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
  let judge: Judge = judges[settings.rules];
  let window = judge.createWindow(settings);
  let refused = 0;
  let state = toModeState();
  /** At most one: open, until it half-opens; closed, until it is judged. */
  let timer: ReturnType<typeof setTimeout> | undefined;

  function toModeState(): State {
    const name = settings.mode === "auto" ? "closed" : settings.mode;
    return { name, since: Date.now(), reason: modeReasons[settings.mode] };
  }

  function wakeIn(waitMs: number, wake: () => void) {
    timer = setTimeout(wake, waitMs);
    // A breaker alone must not keep a process alive.
    timer.unref?.();
  }

  function stopTimer() {
    clearTimeout(timer);
    timer = undefined;
  }

  /** The only writer of `state` after construction. */
  function enter(next: State) {
    const from = state.name;
    const counts = countsOf(state);
    stopTimer();
    state = next;
    onTransition({ at: next.since, from, to: next.name, reason: next.reason, counts });
  }

  function open(decidedOn: Counts, why: string) {
    const since = Date.now();
    enter({ name: "open", since, until: since + settings.openMs, decidedOn, reason: `opened: ${why}` });
    if (!judge.mayHalfOpen) wakeIn(settings.openMs, halfOpen);
  }

  function halfOpen() {
    const since = Date.now();
    const permitted = judge.probes(settings);
    const waited = ((since - state.since) / 1000).toFixed(1);
    const reason = `half-open after ${waited} s: ${permitted} ${permitted === 1 ? "probe" : "probes"} may pass`;
    enter({ name: "half_open", since, permitted, started: 0, done: noCalls, reason });
  }

  function beginAnew() {
    window = judge.createWindow(settings);
    enter(toModeState());
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

  function judgeClosed(last?: Ending) {
    if (state.name !== "closed") return;
    const counts = window.counts(Date.now());
    const why = judge.whyOpen(counts, settings, last);
    if (why !== null) return open(counts, why);
    if (judge.judgedEveryMs && counts.calls > 0) judgeLater(judge.judgedEveryMs);
  }

  function judgeLater(everyMs: number) {
    stopTimer();
    wakeIn(everyMs - (Date.now() % everyMs), judgeClosed);
  }

  function judgeHalfOpen(ending: Ending) {
    if (state.name !== "half_open") return;
    state.done = addCounts(state.done, judge.counted(ending));
    const verdict = judge.judgeProbes(state.done, settings, ending);
    if (verdict === "wait") return;
    if (verdict === "free_place") state.started -= 1;
    else if (verdict.to === "open") open(state.done, verdict.why);
    else {
      if (judge.forgetsOnClose) window = judge.createWindow(settings);
      enter({ name: "closed", since: Date.now(), reason: `closed: ${verdict.why}` });
    }
  }

  function end(ending: Ending, issuedIn: State) {
    if (state !== issuedIn && !judge.countsLateAnswers) return;
    if (state.name === "forced_open" || state.name === "disabled") return;
    window.add(judge.counted(ending), Date.now());
    if (state.name === "half_open") judgeHalfOpen(ending);
    else if (!judge.judgedEveryMs) judgeClosed(ending);
    else if (state.name === "closed" && timer === undefined) judgeLater(judge.judgedEveryMs);
  }

  function toPermit(issuedIn: State): Permit {
    let told = false;
    const once = (ending: Ending) => {
      if (told) return;
      told = true;
      end(ending, issuedIn);
    };
    return {
      completed: ({ failed, durationMs }) =>
        once({ how: failed ? "failed" : "succeeded", slow: durationMs > settings.slowCallMs }),
      cancelled: () => once({ how: "cancelled", slow: false }),
    };
  }

  return {
    acquire() {
      if (state.name !== "forced_open" && state.name !== "disabled") window.add(judge.asked, Date.now());
      if (state.name === "open" && judge.mayHalfOpen?.(Date.now() - state.since, settings)) halfOpen();
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
    reset: beginAnew,
    configure(next) {
      const { mode, rules, windowMs, windowCalls } = settings;
      settings = next;
      judge = judges[next.rules];
      if (next.mode !== mode || next.rules !== rules) return beginAnew();
      if (next.windowMs !== windowMs || next.windowCalls !== windowCalls) window = judge.createWindow(next);
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
    close: stopTimer,
  };
}
