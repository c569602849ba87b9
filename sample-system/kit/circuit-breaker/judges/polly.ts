import { createTimeWindow, noCalls } from "../window.ts";
import type { Ending, Judge } from "./judge.ts";
import { countEnded, judgeSingleProbe } from "./single-probe.ts";

/**
 * Polly 8 (CircuitStateController.cs, AdvancedCircuitBehavior.cs). It is judged only when a call fails: the failure ratio
 * with ≥, from a minimum throughput in the sampling duration. It knows no slow calls. Open, it stays so until a call comes
 * when the break is over; that one is the probe. A cancelled call is, by default, not one it handles, and so a success.
 */
export const polly: Judge = {
  createWindow: ({ windowMs }) => createTimeWindow(windowMs),
  asked: noCalls,
  counted: (ending) => countEnded(asHandled(ending)),
  whyOpen({ calls, failures }, { minimumCalls, failureRatePercent }, last) {
    if (last?.how !== "failed" || calls < minimumCalls) return null;
    if (failures * 100 < failureRatePercent * calls) return null;
    return `${failures} of ${calls} failed, threshold ${failureRatePercent} %`;
  },
  mayHalfOpen: (waitedMs, { openMs }) => waitedMs >= openMs,
  probes: () => 1,
  judgeProbes: (_done, _settings, { how }) => judgeSingleProbe(how !== "failed", how === "cancelled"),
  countsLateAnswers: true,
  forgetsOnClose: true,
};

function asHandled(ending: Ending): Ending {
  return ending.how === "cancelled" ? { ...ending, how: "succeeded" } : ending;
}
