import type { Fault, FaultTarget } from "#contract/faults.ts";

type Shown = Pick<Fault, "type" | "target" | "attributes" | "rate">;

export function toTargetName(target: FaultTarget): string {
  return "edge" in target ? target.edge.replace("->", "→") : target.component;
}

/** "+3000 ms latency on payments→bank", as the event list says it. */
export function describeFault({ type, target, attributes, rate }: Shown): string {
  const share = rate < 1 ? ` (${Math.round(rate * 100)} %)` : "";
  return `${toWhat(type, attributes)}${share} ${"edge" in target ? "on" : "of"} ${toTargetName(target)}`;
}

function toWhat(type: Shown["type"], attributes: Shown["attributes"]): string {
  switch (type) {
    case "latency":
      return `+${attributes.latency} ms latency${attributes.jitter ? ` ± ${attributes.jitter} ms` : ""}`;
    case "timeout":
      return attributes.timeout ? `silence, closed after ${attributes.timeout} ms,` : "silence (timeout)";
    case "reset_peer":
      return attributes.timeout ? `reset after ${attributes.timeout} ms` : "reset";
    case "down":
      return "refused connections (down)";
    case "http_error":
      return `${attributes.status} answers`;
    case "http_delay":
      return `+${attributes.latency} ms${attributes.jitter ? ` ± ${attributes.jitter} ms` : ""} a request`;
    case "reply_lost":
      return "lost replies";
    case "consumer_paused":
      return "paused consumer";
    case "duplicate_delivery":
      return "duplicate delivery";
    case "crash_before_ack":
      return `crash before ack${attributes.message ? ` of ${attributes.message}` : ""}`;
    case "poison_message":
      return "poison message";
    case "load_burst":
      return `burst ×${attributes.factor}`;
    default:
      return type;
  }
}

export function toSeconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
