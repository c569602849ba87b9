import type { Fault, FaultTarget } from "#contract/faults.ts";

type Shown = Pick<Fault, "type" | "target" | "attributes">;

export function toTargetName(target: FaultTarget): string {
  return "edge" in target ? target.edge.replace("->", "→") : target.component;
}

/** "+3000 ms latency on payments→bank", as the event list says it. */
export function describeFault({ type, target, attributes }: Shown): string {
  return `${toWhat(type, attributes)} ${"edge" in target ? "on" : "of"} ${toTargetName(target)}`;
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
    default:
      return type;
  }
}

export function toSeconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
