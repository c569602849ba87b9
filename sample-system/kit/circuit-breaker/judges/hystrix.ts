import { createTimeWindow, noCalls } from "../window.ts";
import type { Judge } from "./judge.ts";
import { countEnded, judgeSingleProbe } from "./single-probe.ts";

/** metrics.healthSnapshot.intervalInMilliseconds */
const HEALTH_SNAPSHOT_MS = 500;

/**
 * Hystrix 1.5 (HystrixCircuitBreaker.java, HystrixCommandMetrics.HealthCounts). Health is looked at every 500 ms, not after
 * each call, so some more calls pass before it opens, and old successes that leave the window can open it with no new
 * call. The error percentage is cut to a whole number and compared with ≥. It knows no slow calls. Open, it stays so until
 * a call comes *later than* the sleep window; that one is the probe. A cancelled probe opens it again.
 */
export const hystrix: Judge = {
  createWindow: ({ windowMs }) => createTimeWindow(windowMs),
  asked: noCalls,
  counted: countEnded,
  whyOpen({ calls, failures }, { minimumCalls, failureRatePercent }) {
    if (calls === 0 || calls < minimumCalls) return null;
    const errorPercentage = Math.floor((failures / calls) * 100);
    if (errorPercentage < failureRatePercent) return null;
    return `${failures} of ${calls} failed, threshold ${failureRatePercent} %`;
  },
  judgedEveryMs: HEALTH_SNAPSHOT_MS,
  mayHalfOpen: (waitedMs, { openMs }) => waitedMs > openMs,
  probes: () => 1,
  judgeProbes: (_done, _settings, { how }) => judgeSingleProbe(how === "succeeded", how === "cancelled"),
  countsLateAnswers: true,
  forgetsOnClose: true,
};
