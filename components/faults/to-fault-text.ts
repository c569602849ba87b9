import type { Fault, FaultType } from "#contract/faults.ts";
import { toCountdown, toMs } from "../ui/to-text.ts";

/** "latency 3 s", "black hole", "down": the words on chips, badges and toasts. */
export function toFaultTypeText(type: FaultType, attributes: Fault["attributes"]): string {
  switch (type) {
    case "latency": {
      const jitter = Number(attributes["jitter"] ?? 0);
      return `latency ${toMs(Number(attributes["latency"] ?? 0))}${jitter > 0 ? ` ± ${toMs(jitter)}` : ""}`;
    }
    case "timeout":
      return Number(attributes["timeout"] ?? 0) > 0 ? `timeout ${toMs(Number(attributes["timeout"]))}` : "black hole";
    case "reset_peer":
      return "reset";
    default:
      return type;
  }
}

/** The chip's whole text; a pending fault says so instead of counting, because nothing is broken yet. */
export function toFaultText(fault: Fault, now: number): string {
  const what = toFaultTypeText(fault.type, fault.attributes);
  if (fault.state === "pending") return `${what} · pending…`;
  const left = toCountdown(fault.expiresAt - now);
  // The card itself says that it was killed or paused; what the class wants to know is when it returns.
  return "component" in fault.target ? `back in ${left}` : `${what} · ${left}`;
}
