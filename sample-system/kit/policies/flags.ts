import type { Policies } from "./policies.ts";
import type { FlagFault } from "./schema.ts";

/** Fault flags that the kit and the load generator obey. */
export type FlagFaultType =
  | "consumer_paused"
  | "duplicate_delivery"
  | "crash_before_ack"
  | "poison_message"
  | "load_burst";

/** The fault of this type that holds for this component at this moment. */
export function findFlag(policies: Pick<Policies, "faults">, type: FlagFaultType): FlagFault | undefined {
  return policies.faults().find((fault) => fault.type === type);
}
