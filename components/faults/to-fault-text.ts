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
    case "http_error":
      return `${Number(attributes["status"] ?? 503)} answers`;
    case "http_delay":
      return `request delay ${toMs(Number(attributes["latency"] ?? 0))}`;
    case "load_burst":
      return `load × ${Number(attributes["factor"] ?? 4)}`;
    default:
      return type.replaceAll("_", " ");
  }
}

const runtimeFaults: ReadonlySet<FaultType> = new Set<FaultType>(["kill", "stop", "pause"]);

/** The chip's whole text; a pending fault says so instead of counting, because nothing is broken yet. */
export function toFaultText(fault: Fault, now: number): string {
  const share = fault.rate < 1 ? `${Math.round(fault.rate * 100)} % ` : "";
  const what = `${share}${toFaultTypeText(fault.type, fault.attributes)}`;
  if (fault.state === "pending") return `${what} · pending…`;
  const left = toCountdown(fault.expiresAt - now);
  // The card itself says that it was killed or paused; what the class wants to know is when it returns.
  return runtimeFaults.has(fault.type) ? `back in ${left}` : `${what} · ${left}`;
}
