import type { Breaker, BreakerState } from "#contract/breaker.ts";
import type { LogEntry } from "#contract/state.ts";
import type { EdgeModel } from "../system/model.ts";
import { toArrow } from "./to-words.ts";

const severities: Record<BreakerState, LogEntry["severity"]> = {
  open: "bad",
  forced_open: "bad",
  half_open: "warning",
  closed: "good",
  forced_closed: "info",
  disabled: "info",
};

/** What the event list says of a breaker's change; null when it is none, or the first word of a breaker at rest. */
export function toBreakerEntry(
  { id, caller, callee }: EdgeModel,
  before: Breaker | null,
  now: Breaker,
): Omit<LogEntry, "id" | "at"> | null {
  if (before?.state === now.state) return null;
  if (before === null && (now.state === "closed" || now.state === "disabled")) return null;
  const state = now.state.replace("_", " ");
  // Our own kit's reasons begin with what happened; others' may not.
  const what = /^(opened|half-open|closed|forced|disabled)\b/.test(now.reason)
    ? now.reason
    : `is ${state}${now.reason ? `: ${now.reason}` : ""}`;
  const text = `breaker ${toArrow(caller, callee)} ${what}`;
  return { kind: "breaker", severity: severities[now.state], text, edge: id };
}
