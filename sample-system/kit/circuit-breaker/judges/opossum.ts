import { createTimeWindow } from "../window.ts";
import type { Judge } from "./judge.ts";
import { judgeSingleProbe } from "./single-probe.ts";

/**
 * opossum 10 (lib/circuit.js, lib/status.js). A call is counted when it is fired, its failure when it fails: calls in
 * flight and calls refused while open dilute the rate. The rate must be *greater* than the threshold, so exactly 50 % does
 * not trip; but there is no minimum by default, so the very first failure (1 of 1) does. It is judged only when a call
 * fails. A timer half-opens it, for one probe. What was counted stays counted when it closes. It knows neither slow calls
 * nor cancelled ones: the action that was cancelled has failed.
 */
export const opossum: Judge = {
  createWindow: ({ windowMs }) => createTimeWindow(windowMs),
  asked: { calls: 1, failures: 0, slow: 0 },
  counted: ({ how }) => ({ calls: 0, failures: how === "succeeded" ? 0 : 1, slow: 0 }),
  whyOpen({ calls, failures }, { minimumCalls, failureRatePercent }, last) {
    if (last?.how === "succeeded") return null;
    // A minimum of 1 stands for its default, none.
    if (minimumCalls > 1 && calls < minimumCalls) return null;
    // Calls leave the window by when they were fired, failures by when they failed: no calls left is a rate without end.
    if (failures * 100 <= failureRatePercent * calls) return null;
    return `${failures} of ${calls} failed, threshold more than ${failureRatePercent} %`;
  },
  probes: () => 1,
  judgeProbes: (_done, _settings, { how }) => judgeSingleProbe(how === "succeeded", how === "cancelled"),
  countsLateAnswers: true,
  forgetsOnClose: false,
};
