import type { BreakerSettings } from "../settings.ts";
import { type Counts, createCountWindow, createTimeWindow, noCalls } from "../window.ts";
import type { Judge } from "./judge.ts";

/**
 * resilience4j 2 (CircuitBreakerStateMachine, CircuitBreakerMetrics), with automatic transition to half-open switched on,
 * so that it moves without traffic. Below the minimum there is no verdict; a rate *equal* to its threshold trips; slow
 * calls count, failed or not. The minimum is never more than the window, or the probes, can hold. Half-open, it waits for
 * that many probes; a cancelled one gives its place back.
 *
 * One difference, on purpose: there a call that began before the breaker opened and ends while it is half-open takes part
 * as a probe. Here it counts for nothing.
 */
export const resilience4j: Judge = {
  createWindow: ({ windowCalls, windowMs }) =>
    windowCalls > 0 ? createCountWindow(windowCalls) : createTimeWindow(windowMs),
  asked: noCalls,
  counted: ({ how, slow }) =>
    how === "cancelled" ? noCalls : { calls: 1, failures: how === "failed" ? 1 : 0, slow: slow ? 1 : 0 },
  whyOpen(counts, settings) {
    const { minimumCalls, windowCalls } = settings;
    return whyTrip(counts, windowCalls > 0 ? Math.min(minimumCalls, windowCalls) : minimumCalls, settings);
  },
  probes: ({ permittedProbes }) => permittedProbes,
  judgeProbes(done, settings, { how }) {
    const minimum = Math.min(settings.minimumCalls, settings.permittedProbes);
    if (how === "cancelled") return "free_place";
    if (done.calls < minimum) return "wait";
    const why = whyTrip(done, minimum, settings);
    if (why !== null) return { to: "open", why: `probes: ${why}` };
    return { to: "closed", why: `${done.calls - done.failures} of ${done.calls} probes succeeded` };
  },
  countsLateAnswers: false,
  forgetsOnClose: true,
};

function whyTrip({ calls, failures, slow }: Counts, minimumCalls: number, settings: BreakerSettings): string | null {
  if (calls === 0 || calls < minimumCalls) return null;
  if (reaches(failures, calls, settings.failureRatePercent)) {
    return `${failures} of ${calls} failed, threshold ${settings.failureRatePercent} %`;
  }
  if (reaches(slow, calls, settings.slowRatePercent)) {
    return `${slow} of ${calls} slower than ${settings.slowCallMs} ms, threshold ${settings.slowRatePercent} %`;
  }
  return null;
}

/** A threshold of 0 %, which the library refuses, still needs one bad call. */
function reaches(bad: number, calls: number, thresholdPercent: number): boolean {
  return bad > 0 && bad * 100 >= thresholdPercent * calls;
}
