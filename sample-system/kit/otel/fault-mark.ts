import type { Attributes } from "@opentelemetry/api";

/**
 * A request that a fault has touched says so, by this header on the way to the callee, or on the reply in its place:
 * `<fault>;<type>;<injected ms>`, more than one parted by commas. The span takes it over, so that injected and real time
 * can be told apart.
 */
const MARK = "x-faultline-fault";

type Headers = Record<string, string | string[] | number | undefined>;

/** Empty for a request that no fault has touched. Of several faults, ids and types are listed, and their times added up. */
export function toFaultAttributes(headers: Headers): Attributes {
  const mark = headers[MARK];
  if (typeof mark !== "string") return {};
  const faults = mark.split(",").map((fault) => fault.trim().split(";"));
  const injectedMs = faults.reduce((sum, [, , ms]) => sum + (Number(ms) || 0), 0);
  return {
    "fault.id": faults.map(([id]) => id).join(","),
    "fault.type": faults.map(([, type]) => type).join(","),
    "fault.injected_ms": injectedMs,
  };
}
